//! Names of many languages.

/// First and last names of one language.
pub struct Language {
    pub code: &'static str,
    pub first: &'static [&'static str],
    pub last: &'static [&'static str],
}

pub const LANGUAGES: &[Language] = &[
    Language {
        code: "en",
        first: &[
            "Amelia", "Oliver", "Isla", "Noah", "Freya", "Arthur", "Poppy", "Theodore", "Harriet", "Edmund",
        ],
        last: &[
            "Ashworth",
            "Blackwood",
            "Carter",
            "Doyle",
            "Ellison",
            "Fairfax",
            "Greenaway",
            "Hughes",
            "O'Brien",
        ],
    },
    Language {
        code: "fr",
        first: &["Élodie", "Benoît", "Chloé", "Gaëlle", "Hélène", "Jérôme", "Maïwenn", "Noël", "Zoé", "Rémi"],
        last: &["Lefèvre", "Bérenger", "Garçon", "d'Aubigné", "Lemaître", "Noël", "Pâquet", "Saint-Exupéry"],
    },
    Language {
        code: "de",
        first: &[
            "Jürgen",
            "Käthe",
            "Björn",
            "Änne",
            "Moritz",
            "Annelie",
            "Günther",
            "Friederike",
            "Jörg",
            "Sören",
        ],
        last: &["Groß", "Müller", "Schäfer", "Weiß", "Köhler", "Strauß", "von der Höh", "Jäger", "Bäumler"],
    },
    Language {
        code: "es",
        first: &["José", "María", "Íñigo", "Begoña", "Andrés", "Sofía", "Raúl", "Núria", "Ángel", "Lucía"],
        last: &["Núñez", "García", "Ibáñez", "Peña", "de la Cruz", "Muñoz", "Gómez Sáez", "Ordóñez"],
    },
    Language {
        code: "pl",
        first: &["Łukasz", "Małgorzata", "Świętosław", "Żaneta", "Paweł", "Grażyna", "Michał", "Agnieszka"],
        last: &["Wójcik", "Dąbrowska", "Łącki", "Żółć", "Kościuszko", "Zieliński", "Gałązka"],
    },
    Language {
        code: "cs",
        first: &["Jiří", "Božena", "Tomáš", "Šárka", "Květa", "Ondřej", "Ludmila", "Řehoř", "Zdeňka"],
        last: &["Dvořák", "Nováková", "Černý", "Růžička", "Žižka", "Havlíčková", "Šťastný"],
    },
    Language {
        code: "tr",
        first: &["Işıl", "İbrahim", "Çağla", "Ömer", "Şebnem", "Gülşah", "Uğur", "Zeynep", "Ümit"],
        last: &["Yılmaz", "Öztürk", "Çelik", "Şahin", "Güneş", "Işık", "Koç"],
    },
    Language {
        code: "el",
        first: &["Αλέξανδρος", "Ελένη", "Γιώργος", "Ιωάννα", "Νίκος", "Σοφία", "Θεόδωρος", "Χρυσάνθη"],
        last: &["Παπαδόπουλος", "Οικονόμου", "Δημητρίου", "Αγγελίδης", "Καζαντζάκης"],
    },
    Language {
        code: "ru",
        first: &["Алёна", "Фёдор", "Настя", "Юрий", "Екатерина", "Илья", "Зоя", "Андрей"],
        last: &["Соловьёва", "Королёв", "Чайковский", "Ершова", "Щедрин"],
    },
    Language {
        code: "ar",
        first: &["فاطمة", "محمد", "ليلى", "يوسف", "نور", "خالد", "مريم", "عمر"],
        last: &["الفارابي", "حداد", "النجار", "الخطيب", "منصور"],
    },
    Language {
        code: "hi",
        first: &["आरव", "दीपिका", "ईशान", "लक्ष्मी", "मीरा", "रवि", "सुनीता"],
        last: &["शर्मा", "वर्मा", "पटेल", "अय्यर", "चौधरी"],
    },
    Language {
        code: "ja",
        first: &["太郎", "花子", "さくら", "健", "美咲", "翔太", "陽菜", "アオイ"],
        last: &["山田", "佐藤", "鈴木", "高橋", "渡辺", "中村"],
    },
    Language {
        code: "zh-Hans",
        first: &["伟", "芳", "秀英", "娜", "敏", "静", "强", "磊"],
        last: &["王", "李", "张", "刘", "陈", "欧阳"],
    },
    Language {
        code: "ko",
        first: &["민준", "서연", "하준", "지우", "도윤", "수아"],
        last: &["김", "이", "박", "최", "정", "남궁"],
    },
    Language {
        code: "vi",
        first: &["Thị Hương", "Văn Đức", "Ngọc Ánh", "Quang Huy", "Thùy Dương", "Minh Tuấn"],
        last: &["Nguyễn", "Trần", "Phạm", "Đặng", "Võ", "Huỳnh"],
    },
    Language {
        code: "sv",
        first: &["Åsa", "Björn", "Örjan", "Maj-Britt", "Anders", "Ingegärd"],
        last: &["Ångström", "Sjöberg", "Lindqvist", "Åkesson", "Öberg"],
    },
];

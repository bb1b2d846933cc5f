use homeroom_lti::roles::{AccountRole, ClassRole, Roles};
use proptest::prelude::*;

const STUDENT: Option<ClassRole> = Some(ClassRole::Student);
const TEACHER: Option<ClassRole> = Some(ClassRole::Teacher);

#[test]
fn each_role_makes_what_the_table_says() {
    let membership = "http://purl.imsglobal.org/vocab/lis/v2/membership";
    let institution = "http://purl.imsglobal.org/vocab/lis/v2/institution/person";
    let cases = [
        ("Instructor".to_owned(), TEACHER, AccountRole::Teacher),
        ("instructor".to_owned(), TEACHER, AccountRole::Teacher),
        (" Learner , Instructor ".to_owned(), TEACHER, AccountRole::Teacher),
        ("urn:lti:role:ims/lis/Instructor".to_owned(), TEACHER, AccountRole::Teacher),
        ("urn:lti:role:ims/lis/Instructor/Lecturer".to_owned(), TEACHER, AccountRole::Teacher),
        ("urn:lti:role:ims/lis/ContentDeveloper".to_owned(), TEACHER, AccountRole::Teacher),
        (format!("{membership}#Administrator"), TEACHER, AccountRole::Teacher),
        (format!("{membership}#Manager"), TEACHER, AccountRole::Teacher),
        (format!("{membership}/Instructor#GuestInstructor"), TEACHER, AccountRole::Teacher),
        (format!("{membership}/Instructor#TeachingAssistantSection"), TEACHER, AccountRole::Teacher),
        ("urn:lti:role:ims/lis/TeachingAssistant".to_owned(), TEACHER, AccountRole::Teacher),
        ("Learner".to_owned(), STUDENT, AccountRole::User),
        ("Student".to_owned(), STUDENT, AccountRole::User),
        (format!("{membership}/Learner#NonCreditLearner"), STUDENT, AccountRole::User),
        (format!("Learner,{institution}#Administrator"), STUDENT, AccountRole::User),
        ("Mentor".to_owned(), None, AccountRole::User),
        (format!("{membership}#Mentor,{institution}#Faculty"), None, AccountRole::User),
        ("urn:lti:role:ims/lis/Observer,Member,Officer".to_owned(), None, AccountRole::User),
        (String::new(), None, AccountRole::User),
        ("Wizard,urn:x:y".to_owned(), None, AccountRole::User),
        (format!("{institution}#Faculty"), None, AccountRole::Teacher),
        ("urn:lti:instrole:ims/lis/Staff".to_owned(), None, AccountRole::Teacher),
        (
            "http://purl.imsglobal.org/vocab/lis/v2/person#Administrator".to_owned(),
            None,
            AccountRole::Teacher,
        ),
    ];
    for (list, class, account) in cases {
        let roles = Roles::of_list(&list);
        assert_eq!((roles.class, roles.account), (class, account), "{list}");
    }
}

#[test]
fn an_instructor_of_the_institution_is_no_teacher_of_the_class() {
    for attack in [
        "urn:lti:instrole:ims/lis/Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/system/person#SysAdmin",
        "urn:lti:sysrole:ims/lis/Administrator",
        "urn:lti:instrole:ims/lis/SysAdmin",
        "Instructors",
        "NotInstructor",
        "urn:x-evil:role:ims/lis/Instructor",
        "http://evil.example/vocab/lis/v2/membership#Instructor",
        "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor#x",
    ] {
        let roles = Roles::of_list(attack);
        assert_eq!((roles.class, roles.account), (None, AccountRole::User), "{attack}");
    }
}

#[test]
fn who_only_assists_is_told_from_who_teaches() {
    let assistant = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant";
    let instructor = "http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor";
    assert!(Roles::of([instructor, assistant]).assistant);
    assert!(Roles::of(["Instructor/Grader", "Learner"]).assistant);
    assert!(!Roles::of([instructor]).assistant);
    assert!(!Roles::of([assistant, "ContentDeveloper"]).assistant);
}

#[test]
fn a_student_view_is_known_by_the_whole_name() {
    let test_user = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser";
    assert!(Roles::of(["Learner", test_user]).test_user);
    assert!(!Roles::of(["TestUser"]).test_user);
}

proptest! {
    #[test]
    fn any_text_is_read_and_only_whole_names_teach(text in "\\PC{0,80}") {
        let roles = Roles::of_list(&text);
        let teaches = ["instructor", "contentdeveloper", "administrator", "manager", "teachingassistant"];
        if !teaches.iter().any(|name| text.to_ascii_lowercase().contains(name)) {
            prop_assert_ne!(roles.class, TEACHER);
        }
    }

    #[test]
    fn case_order_and_strangers_change_nothing(upper: bool, swap: bool, stranger in "x[a-z:/#]{0,20}") {
        let mut names = ["Learner".to_owned(), "urn:lti:role:ims/lis/Instructor/Grader".to_owned(), stranger];
        if upper { names = names.map(|name| name.to_ascii_uppercase()); }
        if swap { names.reverse(); }
        let roles = Roles::of_list(&names.join(" , "));
        prop_assert_eq!((roles.class, roles.assistant), (TEACHER, true));
    }
}

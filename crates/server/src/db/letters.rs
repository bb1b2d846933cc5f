//! Whether a PostgreSQL database can hold names in every script, and find them.

use super::{Db, Engine, Error, Read as _, Result};

impl Db {
    /// Refuses a database that stores other bytes than UTF-8, or to which only ASCII has letters: search would not
    /// find a name in another script. Both are chosen when a database is made.
    pub async fn check_letters(&self) -> Result<()> {
        if self.engine() == Engine::Sqlite {
            return Ok(());
        }
        let sql = "SELECT CAST(current_database() AS TEXT), CAST(pg_encoding_to_char(encoding) AS TEXT),
                          CAST(datctype AS TEXT)
                   FROM pg_database WHERE datname = current_database()";
        let (name, encoding, ctype): (String, String, String) = self.read().await?.one(sql, ()).await?;
        wrong_letters(&encoding, &ctype).map_or(Ok(()), |wrong| {
            Err(Error::Unfit(format!(
                "the database {name} {wrong}. Make another: \
                 createdb -E UTF8 --locale=C.UTF-8 -T template0 {name}_utf8"
            )))
        })
    }
}

fn wrong_letters(encoding: &str, ctype: &str) -> Option<String> {
    if encoding != "UTF8" {
        return Some(format!("has the encoding {encoding}, which can't hold every name: it must be UTF8"));
    }
    if ["C", "POSIX"].contains(&ctype) {
        return Some(format!(
            "has the LC_CTYPE {ctype}, to which only ASCII has letters: it must be C.UTF-8, or another that ends in \
             UTF-8"
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::wrong_letters;

    #[test]
    fn every_locale_of_utf_8_will_do() {
        for ctype in ["C.UTF-8", "C.utf8", "en_US.UTF-8", "de_DE.utf8"] {
            assert_eq!(wrong_letters("UTF8", ctype), None);
        }
    }

    #[test]
    fn another_encoding_and_a_locale_without_letters_will_not() {
        for (encoding, ctype) in [("SQL_ASCII", "C"), ("LATIN1", "de_DE"), ("UTF8", "C"), ("UTF8", "POSIX")] {
            assert!(wrong_letters(encoding, ctype).is_some(), "{encoding} {ctype}");
        }
    }
}

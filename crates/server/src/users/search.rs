//! Substring search on SQLite by an index of trigrams. PostgreSQL's planner has its own, and knows when to use it.

use crate::Result;
use crate::db::{Conn, Engine, Read as _};

/// The users in whose text the trigrams of `$3` are: more than those that hold the words, never fewer.
/// `CROSS JOIN` keeps SQLite to this order. `$2` is the time, which the rest of the statement may name.
pub const HITS: &str =
    " FROM (SELECT r.id FROM user_search s CROSS JOIN user_search_rows r ON r.number = s.rowid
                                WHERE s.user_search MATCH $3 AND r.organization_id = $1) h
                         CROSS JOIN users u ON u.organization_id = $1 AND u.id = h.id
                         WHERE u.removed_at IS NULL AND $2 > 0";
/// Everybody, in the order in which the table has them: who reads all the texts reads it from end to end.
pub const TEXTS: &str =
    " FROM users u WHERE u.organization_id = $1 AND u.removed_at IS NULL AND u.id > '' AND $2 > 0";

/// As [`HITS`] and [`TEXTS`], of the short rows that have texts and names and nothing else.
pub const SHORT_HITS: &str =
    " FROM (SELECT r.* FROM user_search s CROSS JOIN user_search_rows r ON r.number = s.rowid
            WHERE s.user_search MATCH $3 AND r.organization_id = $1) u WHERE $2 > 0";
pub const SHORT_TEXTS: &str =
    " FROM user_search_rows u WHERE u.organization_id = $1 AND u.id > '' AND $2 > 0";

/// What `MATCH` looks for: three letters of every word, the next three, and so on to its last three: each costs a
/// walk through its users, and those between tell little more. Nothing, where no word has three.
fn trigrams(words: &[String]) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for word in words {
        let letters: Vec<char> = word.chars().collect();
        let last = letters.len().saturating_sub(3);
        let threes = letters.chunks_exact(3).chain(letters.get(last..).filter(|three| three.len() == 3));
        for three in threes {
            let quoted = format!("\"{}\"", three.iter().collect::<String>().replace('"', "\"\""));
            if !found.contains(&quoted) {
                found.push(quoted);
            }
        }
    }
    (!found.is_empty()).then(|| found.join(" AND "))
}

/// Whether the index of trigrams can tell anything of the words.
pub fn has_trigrams(words: &[String]) -> bool {
    words.iter().any(|word| word.chars().nth(2).is_some())
}

/// The trigrams of the words, where at most so many users have them all. SQLite.
///
/// Those of other organizations are counted too: to tell them apart would take longer than what it decides.
pub async fn few(conn: &mut Conn, words: &[String], most: i64) -> Result<Option<String>> {
    let Some(trigrams) = trigrams(words).filter(|_| conn.engine() == Engine::Sqlite) else { return Ok(None) };
    let (found,): (i64,) = conn
        .one(
            "SELECT count(*) FROM (SELECT 1 FROM user_search WHERE user_search MATCH $1 LIMIT $2)",
            (&*trigrams, most + 1),
        )
        .await?;
    Ok((found <= most).then_some(trigrams))
}

#[cfg(test)]
mod tests {
    use super::trigrams;

    #[test]
    fn words_are_looked_for_three_letters_by_three() {
        let words = |text: &str| trigrams(&text.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(words("anna an").as_deref(), Some("\"ann\" AND \"nna\""));
        assert_eq!(words("lovelace").as_deref(), Some("\"lov\" AND \"ela\" AND \"ace\""));
        assert_eq!(words("a\"b aaaa").as_deref(), Some("\"a\"\"b\" AND \"aaa\""));
        assert_eq!(words("山田"), None);
    }
}

//! What a file is called that a browser keeps.

/// `attachment`, with a name made from a title: in ASCII for old programs, and as it is (RFC 6266).
pub fn disposition(title: &str, extension: &str) -> String {
    let name = safe(title);
    let ascii: String = name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let encoded: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
    let encoded = encoded.replace('+', "%20");
    format!("attachment; filename=\"{ascii}.{extension}\"; filename*=UTF-8''{encoded}.{extension}")
}

/// No part of a path, nothing that a quoted name or a file system can't hold.
fn safe(title: &str) -> String {
    let is_bad = |c: char| c.is_control() || "/\\:*?\"<>|;%".contains(c);
    let name: String = title.chars().map(|c| if is_bad(c) { '_' } else { c }).take(80).collect();
    let name = name.trim().trim_matches('.');
    if name.is_empty() { "grades".to_owned() } else { name.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_leads_to_no_other_folder_and_ends_no_header() {
        for (title, expected) in [
            ("Étude 1", "attachment; filename=\"_tude 1.csv\"; filename*=UTF-8''%C3%89tude%201.csv"),
            (
                "../../etc/\"x\"\r\n",
                "attachment; filename=\"_.._etc__x___.csv\"; filename*=UTF-8''_.._etc__x___.csv",
            ),
            ("..", "attachment; filename=\"grades.csv\"; filename*=UTF-8''grades.csv"),
        ] {
            assert_eq!(disposition(title, "csv"), expected);
        }
    }
}

//! The rows as comma-separated values (RFC 4180).

use homeroom_api::Timestamp;

use super::{HEADER, Line};
use crate::{Error, Result};

const BYTE_ORDER_MARK: &str = "\u{feff}";

pub fn write(lines: &[Line]) -> Result<Vec<u8>> {
    let start = BYTE_ORDER_MARK.as_bytes().to_vec();
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(start);
    let failed = |error: csv::Error| Error::internal(error.to_string());
    writer.write_record(HEADER).map_err(failed)?;
    for line in lines {
        writer.write_record(cells(line)).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| Error::internal(error.to_string()))
}

fn cells(line: &Line) -> [String; 8] {
    let number = |points: &Option<_>| points.as_ref().map(ToString::to_string).unwrap_or_default();
    [
        harmless(&line.name),
        harmless(&line.username),
        line.state.map(|state| state.to_string()).unwrap_or_default(),
        line.submitted_at.map(moment).unwrap_or_default(),
        if line.is_late { "yes" } else { "" }.to_owned(),
        number(&line.grade),
        number(&line.max_points),
        line.comments.to_string(),
    ]
}

/// `2026-03-01 09:30:00`, which spreadsheets take for a date.
fn moment(at: Timestamp) -> String {
    at.to_string().get(..19).unwrap_or_default().replace('T', " ")
}

/// A cell that a spreadsheet does not take for a formula.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use homeroom_api::SubmissionState;

    use super::*;

    fn line(name: &str) -> Line {
        Line {
            name: name.to_owned(),
            username: "ada".to_owned(),
            state: Some(SubmissionState::Graded),
            submitted_at: Some(Timestamp::from_millis(1_772_357_400_000)),
            is_late: true,
            grade: Some("17.5".parse().unwrap()),
            max_points: Some(20.into()),
            comments: 2,
        }
    }

    #[test]
    fn a_file_begins_with_a_mark_and_ends_its_lines_as_spreadsheets_do() {
        let text = String::from_utf8(write(&[line("Ada \"A\" Łovelace, jr.")]).unwrap()).unwrap();
        let expected = "\u{feff}Name,Username,State,Submitted (UTC),Late,Grade,Max points,Comments\r\n\
                        \"Ada \"\"A\"\" Łovelace, jr.\",ada,graded,2026-03-01 09:30:00,yes,17.5,20,2\r\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn no_name_is_a_formula() {
        for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(name), format!("'{name}"));
        }
        assert_eq!(harmless("Ada = Bea"), "Ada = Bea");
    }
}

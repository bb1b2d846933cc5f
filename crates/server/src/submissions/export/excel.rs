//! The rows as a workbook, with numbers that are numbers and dates that are dates.

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::{HEADER, Line};
use crate::{Error, Result};

const WIDTHS: [f64; 8] = [28.0, 20.0, 12.0, 20.0, 8.0, 10.0, 12.0, 12.0];

pub fn write(lines: &[Line]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let filled = fill(workbook.add_worksheet(), lines);
    let written = filled.and_then(|()| workbook.save_to_buffer());
    written.map_err(|error| Error::internal(error.to_string()))
}

fn fill(sheet: &mut Worksheet, lines: &[Line]) -> Result<(), XlsxError> {
    sheet.set_name("Submissions")?.set_freeze_panes(1, 0)?;
    let bold = Format::new().set_bold();
    for ((column, title), width) in (0..).zip(HEADER).zip(WIDTHS) {
        sheet.write_string_with_format(0, column, title, &bold)?.set_column_width(column, width)?;
    }
    for (row, line) in (1..).zip(lines) {
        write_line(sheet, row, line)?;
    }
    Ok(())
}

/// A text is written as a text, whatever it begins with: it is no formula.
fn write_line(sheet: &mut Worksheet, row: u32, line: &Line) -> Result<(), XlsxError> {
    sheet.write_string(row, 0, &line.name)?.write_string(row, 1, &line.username)?;
    if let Some(state) = line.state {
        sheet.write_string(row, 2, state.as_str())?;
    }
    if let Some(at) = line.submitted_at {
        let at = ExcelDateTime::from_timestamp(at.as_millis().div_euclid(1000))?;
        let format = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
        sheet.write_datetime_with_format(row, 3, &at, &format)?;
    }
    if line.is_late {
        sheet.write_string(row, 4, "yes")?;
    }
    for (column, points) in [(5, &line.grade), (6, &line.max_points)] {
        if let Some(points) = points {
            sheet.write_number(row, column, points.value())?;
        }
    }
    sheet.write_number(row, 7, line.comments)?;
    Ok(())
}

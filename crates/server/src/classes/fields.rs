//! What the fields of a class accept.

use homeroom_api::{ClassCreation, ClassGradeLevel, ClassUpdate, EduSkill, Update};

use crate::{Error, Result, text};

const LONGEST_NAME: usize = 255;
/// More than any class has.
const LARGEST: f64 = 100_000.0;

/// Checked and trimmed. A missing text is ''.
#[derive(Debug, Clone)]
pub struct Fields {
    pub name: String,
    pub section: String,
    pub level: Option<ClassGradeLevel>,
    pub skills_focused: Vec<EduSkill>,
    pub size: Option<i64>,
}

impl Fields {
    pub fn parse(new: ClassCreation) -> Result<Self> {
        Ok(Self {
            name: name(&new.name)?,
            section: section(new.section.as_deref())?,
            level: new.level,
            skills_focused: once(new.skills_focused.unwrap_or_default()),
            size: new.size.map(size).transpose()?,
        })
    }

    /// Takes over what came.
    pub fn update(&mut self, update: ClassUpdate) -> Result<()> {
        if let Some(new) = update.name {
            self.name = name(&new)?;
        }
        self.section = change(update.section, self.section.clone(), |new| section(Some(&new)))?;
        self.level = change(update.level, self.level, |level| Ok(Some(level)))?;
        self.skills_focused =
            change(update.skills_focused, self.skills_focused.clone(), |skills| Ok(once(skills)))?;
        self.size = change(update.size, self.size, |new| size(new).map(Some))?;
        Ok(())
    }

    /// The words with spaces between them.
    pub fn skills(&self) -> String {
        let words: Vec<&str> = self.skills_focused.iter().map(|skill| skill.as_str()).collect();
        words.join(" ")
    }
}

fn change<T, F: Default>(update: Update<T>, present: F, set: impl FnOnce(T) -> Result<F>) -> Result<F> {
    match update {
        Update::Keep => Ok(present),
        Update::Clear => Ok(F::default()),
        Update::Set(new) => set(new),
    }
}

fn name(name: &str) -> Result<String> {
    text::line("name", name, 1, LONGEST_NAME)
}

fn section(section: Option<&str>) -> Result<String> {
    text::optional_line("section", section, LONGEST_NAME)
}

/// Each once, in the order in which they came.
fn once(skills: Vec<EduSkill>) -> Vec<EduSkill> {
    let mut kept = Vec::new();
    for skill in skills {
        if !kept.contains(&skill) {
            kept.push(skill);
        }
    }
    kept
}

#[allow(clippy::cast_possible_truncation)] // it is whole, and within the limits
fn size(size: f64) -> Result<i64> {
    if size.fract() == 0.0 && (0.0..=LARGEST).contains(&size) {
        return Ok(size as i64);
    }
    Err(Error::invalid("size", format!("`size` is a whole number from 0 to {LARGEST}, not {size}.")))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn a_size_is_a_whole_number_of_students() {
        assert_eq!([0.0, 30.0, 100_000.0].map(|number| size(number).unwrap()), [0, 30, 100_000]);
        for wrong in [-1.0, 2.5, 1e9, f64::NAN, f64::INFINITY] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
    }
}

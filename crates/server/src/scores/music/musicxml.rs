//! MusicXML: whether a file is some, and its title and authors. Nothing is expanded and nothing fetched: entities but
//! XML's own five are refused, and a DTD may only be named.

use std::io::{BufRead, BufReader, Read, Seek};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::text::{Fuel, Text};
use super::{Found, Labels, Refused, line};

/// MusicXML goes some ten deep.
const DEEPEST: usize = 100;
/// The longest text that is looked at.
const LONGEST: usize = 2_000;

pub fn examine(file: &mut (impl Read + Seek)) -> Found<Labels> {
    let (text, fuel) = Text::open(file)?;
    Walk::new(text, fuel).run()
}

/// A walk through a document, from its start to its end.
struct Walk<R: BufRead> {
    reader: Reader<R>,
    fuel: Fuel,
    /// The elements that are open, the root first.
    open: Vec<String>,
    /// The attribute `type` of the `creator` that is open.
    creator: String,
    text: String,
    has_root: bool,
    found: Heads,
}

/// All that may be a title or an author.
#[derive(Default)]
struct Heads {
    work: String,
    movement: String,
    credit_type: String,
    credit_words: String,
    credit: String,
    labels: Labels,
}

impl<R: Read + Seek> Walk<Text<BufReader<R>>> {
    fn new(text: Text<BufReader<R>>, fuel: Fuel) -> Self {
        let mut reader = Reader::from_reader(text);
        reader.config_mut().check_comments = true;
        Self {
            reader,
            fuel,
            open: Vec::new(),
            creator: String::new(),
            text: String::new(),
            has_root: false,
            found: Heads::default(),
        }
    }
}

impl<R: BufRead> Walk<R> {
    fn run(mut self) -> Found<Labels> {
        let mut buffer = Vec::new();
        loop {
            buffer.clear();
            self.fuel.set_back();
            let event = self.reader.read_event_into(&mut buffer).map_err(|error| broken(&error))?;
            match event {
                Event::Start(start) => {
                    let start = start.into_owned();
                    self.start(&start)?;
                }
                Event::Empty(start) => {
                    let start = start.into_owned();
                    self.start(&start)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => {
                    let text = text.into_inner().into_owned();
                    self.take(&text)?;
                }
                Event::CData(text) => {
                    let text = text.into_inner().into_owned();
                    self.take(&text)?;
                }
                Event::GeneralRef(reference) => {
                    let resolved = reference.resolve_char_ref().map_err(|error| broken(&error))?;
                    let text = resolved.map_or_else(|| entity(&reference), |c| Ok(c.to_string()))?;
                    self.take(&text)?;
                }
                Event::DocType(doctype) if doctype.contains('[') => {
                    return Err(Refused("It defines a document type of its own: leave that out.".to_owned()));
                }
                Event::DocType(_) | Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Eof => return self.finish(),
            }
        }
    }

    fn start(&mut self, start: &BytesStart<'_>) -> Found<()> {
        let name = start.name().as_ref().to_owned();
        if self.open.is_empty() {
            self.root(&name)?;
        }
        if self.open.len() >= DEEPEST {
            return Err(Refused(format!("Its elements are more than {DEEPEST} deep.")));
        }
        if name == "creator" {
            let kind = start
                .try_get_attribute("type")
                .map_err(|error| Refused(format!("It is no XML: {error}.")))?;
            self.creator = kind.map(|kind| kind.value.into_owned()).unwrap_or_default();
        }
        self.open.push(name);
        self.text.clear();
        Ok(())
    }

    fn root(&mut self, name: &str) -> Found<()> {
        if self.has_root {
            return Err(Refused("Something follows its end.".to_owned()));
        }
        if !matches!(name, "score-partwise" | "score-timewise") {
            let name: String = name.chars().take(40).collect();
            return Err(Refused(format!(
                "It is XML, but its root is <{name}>, not <score-partwise> or <score-timewise>."
            )));
        }
        self.has_root = true;
        Ok(())
    }

    fn take(&mut self, text: &str) -> Found<()> {
        if self.open.is_empty() && !text.trim().is_empty() {
            return Err(Refused("It is not XML: there is text outside of any element.".to_owned()));
        }
        if self.text.len() < LONGEST {
            self.text.extend(text.chars().take(LONGEST));
        }
        Ok(())
    }

    fn end(&mut self) {
        let path: Vec<&str> = self.open.iter().skip(1).map(String::as_str).collect();
        let text = line(&self.text);
        self.found.take(&path, &self.creator, text);
        self.open.pop();
        self.text.clear();
    }

    fn finish(self) -> Found<Labels> {
        if !self.has_root {
            return Err(Refused("It is not XML: there is no element in it.".to_owned()));
        }
        if !self.open.is_empty() {
            return Err(Refused("It ends before all of its elements do.".to_owned()));
        }
        Ok(self.found.labels())
    }
}

impl Heads {
    /// Notes the text of an element that ends, by its way from the root. The first of a kind counts.
    fn take(&mut self, path: &[&str], creator: &str, text: String) {
        let place = match path {
            ["work", "work-title"] => &mut self.work,
            ["movement-title"] => &mut self.movement,
            ["credit", "credit-type"] => &mut self.credit_type,
            ["credit", "credit-words"] => &mut self.credit_words,
            ["credit"] => return self.end_credit(),
            ["identification", "creator"] => match creator {
                "composer" => &mut self.labels.composer,
                "lyricist" | "poet" => &mut self.labels.lyricist,
                "arranger" => &mut self.labels.arranger,
                _ => return,
            },
            _ => return,
        };
        if place.is_empty() {
            *place = text;
        }
    }

    fn end_credit(&mut self) {
        let (kind, words) = (std::mem::take(&mut self.credit_type), std::mem::take(&mut self.credit_words));
        if kind == "title" && self.credit.is_empty() {
            self.credit = words;
        }
    }

    fn labels(self) -> Labels {
        let title = [self.work, self.movement, self.credit].into_iter().find(|title| !title.is_empty());
        Labels { title: title.unwrap_or_default(), ..self.labels }
    }
}

/// What one of XML's own entities stands for.
fn entity(name: &str) -> Found<String> {
    let known = quick_xml::escape::resolve_predefined_entity(name);
    known
        .map(str::to_owned)
        .ok_or_else(|| Refused("It uses an entity that is not one of XML's own.".to_owned()))
}

fn broken(error: &quick_xml::Error) -> Refused {
    Refused(format!("It is not XML: {error}."))
}

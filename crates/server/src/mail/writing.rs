//! Writing the letter of a row in the outbox, from what is there when it is sent.

use std::time::Duration;

use homeroom_api::{InvitationId, InvitationStatus, OrganizationId, Role, UserId};

use super::message::one_line;
use super::store::{self, Row};
use super::{Letter, Link, Mail};
use crate::db::Conn;
use crate::mailed_links::{self, Open};
use crate::organizations::{self, INDIVIDUALS};
use crate::text::{Language, date, moment};
use crate::users::{self, Contact};
use crate::{App, Error, Result, invitations};

/// For how long a notice is worth sending, as long as the addresses of notices are kept.
const NEWS: Duration = Duration::from_hours(7 * 24);

/// What came of it.
pub enum Written {
    Letter(Box<Letter>),
    /// There is nothing to send any more, and why.
    Nothing(&'static str),
}

const NO_LONGER_OPEN: &str = "the invitation is no longer open";
const SAID_AGAIN: &str = "a later mail about the same takes its place";
const LINK_ENDED: &str = "the link has been used or has expired";
const OLD_NEWS: &str = "the notice has become too old";
const NO_ADDRESS: &str = "the account is gone or has no e-mail address";

/// Writes the letter that `row` stands for.
pub async fn write(app: &App, conn: &mut Conn, row: &Row) -> Result<Written> {
    let mail = Mail::of_kind(&row.kind)
        .ok_or_else(|| Error::internal("a mail of a newer version of the program"))?;
    if store::is_said_again(conn, row).await? {
        return Ok(Written::Nothing(SAID_AGAIN));
    }
    let place = Place::of(conn, &row.organization).await?;
    match mail {
        Mail::Invitation => invitation(app, conn, row, &place).await,
        Mail::PasswordChanged if app.clock.now() > row.created_at + NEWS => Ok(Written::Nothing(OLD_NEWS)),
        Mail::PasswordChanged => password_changed(conn, row, place).await,
        _ => about_links(app, conn, row, mail, place).await,
    }
}

/// A letter that says only that mails arrive.
pub fn test_letter(to: &str) -> Letter {
    let language = Language::English;
    Letter {
        to: to.to_owned(),
        language,
        subject: language.text("mail.test_subject").to_owned(),
        opening: language.text("mail.test").to_owned(),
        links: Vec::new(),
        closing: Vec::new(),
        footer: language.fill("mail.footer", &[("school", "Homeroom")]),
    }
}

/// Whose mail it is: a school's, in its language, or an individual's.
struct Place {
    name: String,
    language: Language,
    is_school: bool,
}

impl Place {
    async fn of(conn: &mut Conn, organization: &OrganizationId) -> Result<Self> {
        if organization.as_str() == INDIVIDUALS {
            return Ok(Self { name: "Homeroom".to_owned(), language: Language::English, is_school: false });
        }
        let found = organizations::find(conn, organization.as_str()).await?;
        let organization = found.ok_or_else(|| Error::not_found("organization"))?;
        let language = Language::of(&organization.locale);
        Ok(Self { name: one_line(&organization.name), language, is_school: true })
    }

    /// Individuals are written to in their own language.
    fn for_person(mut self, person: &Contact) -> Self {
        if !self.is_school {
            self.language = Language::of(&person.locale);
        }
        self
    }

    fn letter(&self, to: &str, subject: String, opening: String) -> Letter {
        Letter {
            to: to.to_owned(),
            language: self.language,
            subject,
            opening,
            links: Vec::new(),
            closing: Vec::new(),
            footer: self.language.fill("mail.footer", &[("school", &self.name)]),
        }
    }
}

async fn invitation(app: &App, conn: &mut Conn, row: &Row, place: &Place) -> Result<Written> {
    let id = InvitationId::from(row.subject.as_str());
    let found = invitations::find(app, conn, &row.organization, &id).await?;
    let Some((invitation, url)) = found.filter(|(i, _)| i.status == InvitationStatus::Open) else {
        return Ok(Written::Nothing(NO_LONGER_OPEN));
    };
    let (Some(to), Some(url)) = (&invitation.email, url) else { return Ok(Written::Nothing(NO_LONGER_OPEN)) };
    let inviter = match &invitation.invited_by {
        Some(user) => users::contact(conn, &row.organization, user).await?.and_then(|person| person.name()),
        None => None,
    };
    let language = place.language;
    let role = role(language, invitation.role);
    let words = [
        ("school", place.name.as_str()),
        ("role", role),
        ("inviter", inviter.as_deref().unwrap_or_default()),
    ];
    let opening = match inviter {
        Some(_) => language.fill("mail.invitation_by", &words),
        None => language.fill("mail.invitation", &words),
    };
    let mut letter = place.letter(to, language.fill("mail.invitation_subject", &words), opening);
    letter.links = vec![Link { label: language.text("mail.invitation_button").to_owned(), url }];
    letter.closing = vec![
        language.fill("mail.invitation_until", &[("date", &date(language, invitation.expires_at))]),
        language.text("mail.invitation_unexpected").to_owned(),
    ];
    Ok(Written::Letter(Box::new(letter)))
}

fn role(language: Language, role: Role) -> &'static str {
    language.text(match role {
        Role::Admin => "mail.role_admin",
        Role::AccountAdmin => "mail.role_account_admin",
        Role::Teacher | Role::User => "mail.role_teacher",
    })
}

async fn password_changed(conn: &mut Conn, row: &Row, place: Place) -> Result<Written> {
    let user = UserId::from(row.subject.as_str());
    let person = users::contact(conn, &row.organization, &user).await?;
    let Some((person, to)) = person.and_then(|person| Some((person.clone(), person.email?))) else {
        return Ok(Written::Nothing(NO_ADDRESS));
    };
    let place = place.for_person(&person);
    let words = [("school", place.name.as_str()), ("username", person.username.as_str())];
    let language = place.language;
    let subject = language.text("mail.password_changed_subject").to_owned();
    let mut letter = place.letter(&to, subject, language.fill("mail.password_changed", &words));
    letter.closing = vec![language.text("mail.changed_unexpected").to_owned()];
    Ok(Written::Letter(Box::new(letter)))
}

/// What the mails about links say, beside the links.
struct Texts {
    subject: &'static str,
    opening: &'static str,
    unexpected: &'static str,
}

impl Texts {
    const fn of(mail: Mail, several: usize) -> Self {
        let (subject, opening, unexpected) = match mail {
            Mail::PasswordSetup => ("mail.setup_subject", "mail.setup", "mail.setup_unexpected"),
            Mail::ConfirmEmail => ("mail.confirm_subject", "mail.confirm", "mail.confirm_unexpected"),
            Mail::EmailChanged => {
                ("mail.email_changed_subject", "mail.email_changed", "mail.changed_unexpected")
            }
            _ if several > 1 => ("mail.reset_subject", "mail.reset_several", "mail.reset_unexpected"),
            _ => ("mail.reset_subject", "mail.reset", "mail.reset_unexpected"),
        };
        Self { subject, opening, unexpected }
    }
}

async fn about_links(app: &App, conn: &mut Conn, row: &Row, mail: Mail, place: Place) -> Result<Written> {
    let open = mailed_links::open_with(app, conn, &row.organization, &row.subject).await?;
    let mut people = Vec::new();
    for link in open {
        people
            .extend(users::contact(conn, &row.organization, &link.user).await?.map(|person| (person, link)));
    }
    people.sort_by(|(a, _), (b, _)| a.username.cmp(&b.username));
    let Some((first, link)) = people.first() else { return Ok(Written::Nothing(LINK_ENDED)) };
    let (place, texts) = (place.for_person(first), Texts::of(mail, people.len()));
    let language = place.language;
    let words = [
        ("school", place.name.as_str()),
        ("username", first.username.as_str()),
        ("email", link.email.as_str()),
    ];
    let subject = language.text(texts.subject).to_owned();
    let mut letter = place.letter(&link.email, subject, language.fill(texts.opening, &words));
    letter.links =
        people.iter().filter_map(|(p, link)| button(app, language, mail, p, link, people.len())).collect();
    if !letter.links.is_empty() {
        let until = moment(language, link.expires_at);
        letter.closing.push(language.fill("mail.link_until", &[("moment", &until)]));
    }
    letter.closing.push(language.text(texts.unexpected).to_owned());
    Ok(Written::Letter(Box::new(letter)))
}

/// The button of one account's link; there is none in a notice.
fn button(
    app: &App,
    language: Language,
    mail: Mail,
    person: &Contact,
    link: &Open,
    several: usize,
) -> Option<Link> {
    let token = link.token.as_deref()?;
    let (page, label) = match mail {
        Mail::ConfirmEmail => ("confirm-email", language.text("mail.confirm_button").to_owned()),
        Mail::PasswordSetup => ("reset", language.text("mail.setup_button").to_owned()),
        _ if several > 1 => {
            ("reset", language.fill("mail.reset_button_for", &[("username", &person.username)]))
        }
        _ => ("reset", language.text("mail.reset_button").to_owned()),
    };
    Some(Link { label, url: format!("{}/auth/{page}/{token}", app.settings.public_url) })
}

//! Joining: what an invitation offers, and the two ways to accept it. Looking uses no code up.

use axum::http::StatusCode;
use axum::response::Response;
use homeroom_api::{ErrorCode, InvitationStatus};
use secrecy::SecretString;

use super::offer::{self, Offer};
use super::{joining, shown};
use crate::html::{Problem, page, page_with_status, see_other};
use crate::http::{Fields, Pages, Params, SignedIn, Visitor, WRONG_FORM};
use crate::sessions::pages::{minutes_until, page_to_wait, welcome};
use crate::sessions::{Guess, Session};
use crate::text::Weakness;
use crate::{App, Error, Result, users};

const ENROLL: &str = "/organization/enroll";

pub fn pages() -> Pages {
    Pages::new().get(ENROLL, show).form(ENROLL, join).form("/organization/enroll/account", move_account)
}

/// Where the offer of a code is.
pub(super) fn address(app: &App, code: &str) -> String {
    let code: String = form_urlencoded::byte_serialize(code.as_bytes()).collect();
    app.site.path(&format!("{ENROLL}?enrollcode={code}"))
}

async fn show(app: App, visitor: Visitor, params: Params) -> Result<Response> {
    let code = offer::read_code(params.text("enrollcode")?.unwrap_or_default());
    if code.is_empty() {
        return Ok(page(&shown::code_page(&app, &visitor, "", None)));
    }
    Ok(match look(&app, visitor, &code).await? {
        Ok((visitor, offer)) => {
            let shown = shown::offer_page(&app, &visitor, &offer, &code);
            match visitor.session.as_deref() {
                Some(session) => page(&shown.asking(&app, session).await?),
                None => page(&shown),
            }
        }
        Err(response) => response,
    })
}

/// The open offer for somebody who is nobody's member yet; or the page that says why there is none.
async fn look(app: &App, visitor: Visitor, code: &str) -> Result<Result<(Visitor, Offer), Response>> {
    if let Some(until) = Guess::Code.wait(app, &visitor.origin).await? {
        let text = visitor.language.fill("join.wait", &[("minutes", &minutes_until(app, until))]);
        return Ok(Err(page_to_wait(app, until, &shown::code_page(app, &visitor, code, Some(text)))));
    }
    let found = offer::find_by_code(app, &mut app.db.read().await?, code, app.clock.now()).await?;
    let Some(offer) = found else {
        Guess::Code.note(app, &visitor.origin).await?;
        let text = visitor.language.text("join.unknown").to_owned();
        let shown = shown::code_page(app, &visitor, code, Some(text));
        return Ok(Err(page_with_status(StatusCode::NOT_FOUND, &shown)));
    };
    let visitor = visitor.reading(&offer.locale);
    Ok(match for_member(app, &visitor, &offer).or_else(|| ended(app, &visitor, &offer)) {
        Some(response) => Err(response),
        None => Ok((visitor, offer)),
    })
}

/// What a member of a school is told, of this one or of another.
fn for_member(app: &App, visitor: &Visitor, offer: &Offer) -> Option<Response> {
    let session = visitor.session.as_deref().filter(|session| !session.is_individual())?;
    let words = [("name", session.name()), ("school", session.organization_name.clone())];
    let (title, text) = match session.organization == offer.organization {
        true => ("join.already_title", "join.already"),
        false => ("join.other_title", "join.other"),
    };
    let told = shown::told_page(app, visitor, (title, text), &words);
    Some(page(&told.leading_to("/account", visitor.language.text("join.account"))))
}

/// An invitation that is over, in its own words, and a way on.
fn ended(app: &App, visitor: &Visitor, offer: &Offer) -> Option<Response> {
    let texts = match offer.status() {
        InvitationStatus::Open => return None,
        InvitationStatus::Used => ("join.used_title", "join.used"),
        InvitationStatus::Expired => ("join.expired_title", "join.expired"),
        InvitationStatus::Revoked => ("join.revoked_title", "join.revoked"),
    };
    let words = [("school", offer.school.clone())];
    let label = visitor.language.fill("join.signin", &[("school", &offer.school)]);
    let told = shown::told_page(app, visitor, texts, &words);
    let told = told.leading_to(&format!("/o/{}/auth/signin", offer.slug), &label);
    Some(page_with_status(StatusCode::GONE, &told))
}

/// With a new account.
async fn join(app: App, visitor: Visitor, fields: Fields) -> Result<Response> {
    let code = offer::read_code(fields.text("enrollcode"));
    if visitor.session.is_some() {
        return Ok(see_other(&app, &address(&app, &code)));
    }
    let (visitor, offer) = match look(&app, visitor, &code).await? {
        Ok(found) => found,
        Err(response) => return Ok(response),
    };
    match try_to_join(&app, &visitor, &offer, &code, &fields).await? {
        Ok(joined) => Ok(come_in(&app, &code, joined).await),
        Err(problem) => {
            let shown = shown::offer_with_problem(&app, &visitor, &offer, &code, &fields, problem);
            Ok(page_with_status(WRONG_FORM, &shown))
        }
    }
}

/// On to one's account; or back to the offer, which says why it is no more.
async fn come_in(app: &App, code: &str, joined: Option<SecretString>) -> Response {
    match joined {
        Some(secret) => welcome(app, &secret, &app.site.path("/account")).await,
        None => see_other(app, &address(app, code)),
    }
}

/// Makes the account, or says what is wrong with a field.
async fn try_to_join(
    app: &App,
    visitor: &Visitor,
    offer: &Offer,
    code: &str,
    fields: &Fields,
) -> Result<Result<Option<SecretString>, Problem>> {
    match create(app, visitor, offer, code, fields).await {
        Ok(Ok(joined)) => Ok(Ok(joined)),
        Ok(Err(weakness)) => Ok(Err(Problem::new("password", visitor.language.text(weakness.0)))),
        Err(error) => mendable(visitor, offer, error).map(Err),
    }
}

async fn create(
    app: &App,
    visitor: &Visitor,
    offer: &Offer,
    code: &str,
    fields: &Fields,
) -> Result<Result<Option<SecretString>, Weakness>> {
    let mut newcomer = shown::newcomer(visitor, offer, fields)?;
    let personal = shown::personal(offer, fields);
    match users::choose_password(app, fields.text("password"), &personal).await? {
        Ok(password) => newcomer.user.password = Some(app.passwords.hash(password).await?),
        Err(weakness) => return Ok(Err(weakness)),
    }
    joining::join(app, visitor, code, newcomer).await.map(Ok)
}

/// The sentence for what the person can mend.
fn mendable(visitor: &Visitor, offer: &Offer, error: Error) -> Result<Problem> {
    if error.code == ErrorCode::EmailTaken {
        let words = [("school", offer.school.as_str())];
        return Ok(Problem::new("", visitor.language.fill("join.email_taken", &words)));
    }
    crate::html::problem(visitor.language, error)
}

/// With the individual account that is signed in.
async fn move_account(app: App, signed_in: SignedIn, fields: Fields) -> Result<Response> {
    let code = offer::read_code(fields.text("enrollcode"));
    let SignedIn { visitor, session } = signed_in;
    let (visitor, offer) = match look(&app, visitor, &code).await? {
        Ok(found) => found,
        Err(response) => return Ok(response),
    };
    session.must_be_confirmed()?;
    let shown = shown::offer_page(&app, &visitor, &offer, &code).asking(&app, &session).await?;
    if let Some(unproven) = shown.proof.check(&app, &visitor, &session, &fields).await? {
        return Ok(unproven.answer(&app, |problem| shown.with_problem(problem)));
    }
    match joining::move_in(&app, &visitor, &session, &code).await {
        Ok(moved) => Ok(come_in(&app, &code, moved).await),
        Err(error) => refuse_to_move(&app, &visitor, &session, &offer, error),
    }
}

/// Where somebody at the school has the address.
fn refuse_to_move(
    app: &App,
    visitor: &Visitor,
    session: &Session,
    offer: &Offer,
    error: Error,
) -> Result<Response> {
    if error.code != ErrorCode::EmailTaken {
        return Err(error);
    }
    let email = session.email.clone().unwrap_or_default();
    let words = [("email", email), ("school", offer.school.clone())];
    let told = shown::told_page(app, visitor, ("join.taken_title", "join.taken"), &words);
    let told = told.leading_to("/account", visitor.language.text("join.account"));
    Ok(page_with_status(StatusCode::CONFLICT, &told))
}

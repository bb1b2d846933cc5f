//! What a form asks, to be sure that it is the owner who sits there: the password, a code of the second factor.

use askama::Template;
use axum::response::Response;
use homeroom_api::Timestamp;

use crate::html::{Layout, Problem, page_with_status};
use crate::http::{Fields, Visitor, WRONG_FORM};
use crate::sessions::pages::{minutes_until, page_to_wait};
use crate::sessions::{self, Refused, Session};
use crate::users::own;
use crate::{App, Result, second_factors};

/// Which of them a form asks for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proof {
    pub password: bool,
    pub code: bool,
}

impl Proof {
    /// The password, where there is one.
    pub async fn password(app: &App, session: &Session) -> Result<Self> {
        Ok(Self { password: own::has_password(app, session).await?, code: false })
    }

    /// A code, where there is a second factor.
    pub async fn code(app: &App, session: &Session) -> Result<Self> {
        let mut conn = app.db.read().await?;
        let factor = second_factors::find(&mut conn, &session.organization, &session.user).await?;
        Ok(Self { password: false, code: factor.is_some() })
    }

    /// Whatever of them there is.
    pub async fn all(app: &App, session: &Session) -> Result<Self> {
        let Self { code, .. } = Self::code(app, session).await?;
        Ok(Self { code, ..Self::password(app, session).await? })
    }

    /// What is wrong with what was typed, if anything is.
    pub async fn check(
        self,
        app: &App,
        visitor: &Visitor,
        session: &Session,
        fields: &Fields,
    ) -> Result<Option<Unproven>> {
        let password = self.password.then(|| fields.text("current"));
        let typed = sessions::Proof { password, code: self.code.then(|| fields.text("code")) };
        let checked = sessions::check_proof(app, visitor, session, typed).await?;
        Ok(checked.err().map(|refused| self.unproven(&Layout::new(app, visitor), app, refused)))
    }

    fn unproven(self, page: &Layout, app: &App, refused: Refused) -> Unproven {
        let (field, key) = match (self.password, self.code) {
            (true, true) => ("", "confirm.wrong_either"),
            (false, true) => ("code", "signin.code_wrong"),
            _ => ("current", "account.wrong_password"),
        };
        match refused {
            Refused::Wrong => Unproven { problem: Problem::new(field, page.t(key)), wait: None },
            Refused::Wait(until) => {
                let text = page.fill("signin.wait", "minutes", &minutes_until(app, until));
                Unproven { problem: Problem::new("", text), wait: Some(until) }
            }
        }
    }
}

/// Why what was typed does not do.
pub struct Unproven {
    pub problem: Problem,
    wait: Option<Timestamp>,
}

impl Unproven {
    /// The page that says so, made with the problem.
    pub fn answer<T: Template>(self, app: &App, shown: impl FnOnce(Problem) -> T) -> Response {
        let shown = shown(self.problem);
        match self.wait {
            Some(until) => page_to_wait(app, until, &shown),
            None => page_with_status(WRONG_FORM, &shown),
        }
    }
}

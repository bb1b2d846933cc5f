//! Whether the log is what was written: each sealed event and its details, and that none is missing between them.

use homeroom_api::OrganizationId;
use serde::Serialize;

use super::chain::{End, details_hash};
use super::store::{self, Details, Sealed};
use crate::db::Conn;
use crate::{App, Result};

/// Events that are looked at together.
const PAGE: i64 = 500;
/// The first faults are told one by one, however many there are.
const TOLD: usize = 1000;

/// What is found of an organization's log.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Events that are as they were sealed, with their details.
    pub good: u64,
    /// Events that are as they were sealed, whose details an erasure deleted.
    pub erased: u64,
    /// Events that are not sealed yet: nothing is known of them.
    pub unsealed: u64,
    /// Events that are wrong or missing, and ends that are.
    pub wrong: u64,
    /// What is wrong, in the order of the chain; the first thousand.
    pub faults: Vec<Fault>,
    /// The last event that was read. Written down elsewhere, it shows later that the chain still goes through it.
    pub end: Option<End>,
}

/// Something wrong with an event, or with those that should stand at some places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    pub sequence: i64,
    /// The last place, where events are missing in a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<i64>,
    /// The id of the event.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    pub problem: Problem,
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Problem {
    /// The seal is not that of the event at this place.
    Changed,
    /// The details are not those that the event was written with.
    DetailsChanged,
    /// The details are gone, and no erasure accounts for it.
    DetailsMissing,
    /// No event stands where one was sealed.
    Missing,
    /// The event was sealed behind another one than it stands behind.
    Unlinked,
    /// The row that tells where the chain ends was changed or is gone.
    EndChanged,
    /// The chain does not go through the end that was asked for.
    NotIncluded,
}

impl Problem {
    /// The sentence for people.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Changed => "was changed since it was sealed, or put there by another hand",
            Self::DetailsChanged => "has other details than it was written with",
            Self::DetailsMissing => "has lost its details, and no erasure accounts for it",
            Self::Missing => "is missing",
            Self::Unlinked => "was sealed behind another event than the one before it",
            Self::EndChanged => "is where the log ends, and the note of that was changed or is gone",
            Self::NotIncluded => "is not the event of that seal: the log is not the one that had it",
        }
    }
}

/// Reads an organization's whole log, page by page. `includes` is the end of an earlier report, which must still be in
/// the chain.
pub async fn verify(app: &App, organization: &OrganizationId, includes: Option<&End>) -> Result<Report> {
    let mut conn = app.db.read().await?;
    let mut walk = Walk {
        app,
        organization,
        report: Report::default(),
        last: Some(End::default()),
        reached: 0,
        read: i64::MIN,
    };
    loop {
        walk.walk_the_rest(&mut conn).await?;
        // Events are sealed together with the end, so those of an end that is read later can be read.
        let end = store::end(&mut conn, organization).await?;
        let further = end.as_ref().is_some_and(|(end, _)| end.sequence > walk.reached);
        if further && walk.page(&mut conn).await? {
            continue;
        }
        walk.check_end(end);
        break;
    }
    if let Some(includes) = includes {
        walk.check_inclusion(&mut conn, includes).await?;
    }
    walk.report.unsealed = store::count_unsealed(&mut conn, organization).await?;
    Ok(walk.report)
}

struct Walk<'a> {
    app: &'a App,
    organization: &'a OrganizationId,
    report: Report,
    /// The event before, as long as it is known to be good.
    last: Option<End>,
    /// The last place at which an event stands, from 1.
    reached: i64,
    /// What was read so far; who writes into the database can give an event any number.
    read: i64,
}

impl Walk<'_> {
    async fn walk_the_rest(&mut self, conn: &mut Conn) -> Result<()> {
        while self.page(conn).await? {}
        Ok(())
    }

    /// Looks at the next rows; whether there were any.
    async fn page(&mut self, conn: &mut Conn) -> Result<bool> {
        let rows = store::sealed(conn, self.organization, self.read, PAGE).await?;
        for row in &rows {
            self.row(row);
        }
        Ok(!rows.is_empty())
    }

    fn row(&mut self, sealed: &Sealed) {
        if sealed.sequence - 1 > self.reached {
            self.missing(self.reached + 1, sealed.sequence - 1);
        }
        let problem = self.problem_of(sealed);
        self.last = match problem {
            Some(Problem::Changed) => None,
            _ => Some(End { sequence: sealed.sequence, seal: sealed.seal.clone() }),
        };
        self.report.end = Some(End { sequence: sealed.sequence, seal: sealed.seal.clone() });
        (self.read, self.reached) = (sealed.sequence, self.reached.max(sealed.sequence));
        match (problem, &sealed.details) {
            (Some(problem), _) => self.fault(sealed.sequence, None, Some(&sealed.row.id), problem),
            (None, Details::Erased) => self.report.erased += 1,
            (None, _) => self.report.good += 1,
        }
    }

    fn problem_of(&self, sealed: &Sealed) -> Option<Problem> {
        let Sealed { sequence, previous, seal, row, details } = sealed;
        if !self.app.keys.is_audit_seal(&row.text(self.organization, *sequence, previous), seal) {
            return Some(Problem::Changed);
        }
        if self.last.as_ref().is_some_and(|last| last.seal != *previous) {
            return Some(Problem::Unlinked);
        }
        match details {
            Details::Lost => Some(Problem::DetailsMissing),
            Details::There { salt, text } if details_hash(salt, text) != row.details_hash => {
                Some(Problem::DetailsChanged)
            }
            Details::There { .. } | Details::Erased => None,
        }
    }

    /// Events are gone: what the next one was sealed behind is not known.
    fn missing(&mut self, from: i64, until: i64) {
        self.last = None;
        self.report.wrong += until.abs_diff(from); // and one for the fault itself
        self.fault(from, (until > from).then_some(until), None, Problem::Missing);
    }

    fn fault(&mut self, sequence: i64, until: Option<i64>, event: Option<&str>, problem: Problem) {
        self.report.wrong += 1;
        if self.report.faults.len() < TOLD {
            self.report.faults.push(Fault { sequence, until, event: event.map(str::to_owned), problem });
        }
    }

    fn check_end(&mut self, noted: Option<(End, Vec<u8>)>) {
        let Some((end, mark)) = noted else {
            if self.reached > 0 {
                self.fault(self.reached, None, None, Problem::EndChanged);
            }
            return;
        };
        if !self.app.keys.is_audit_seal(&end.text(self.organization), &mark) || end.sequence < self.reached {
            return self.fault(self.reached, None, None, Problem::EndChanged);
        }
        if end.sequence > self.reached {
            self.missing(self.reached + 1, end.sequence);
        } else if self.last.as_ref().is_some_and(|last| last.seal != end.seal) {
            self.fault(self.reached, None, None, Problem::Unlinked);
        }
    }

    async fn check_inclusion(&mut self, conn: &mut Conn, includes: &End) -> Result<()> {
        let seal = store::seal_at(conn, self.organization, includes.sequence).await?;
        if seal.as_ref() != Some(&includes.seal) {
            self.fault(includes.sequence, None, None, Problem::NotIncluded);
        }
        Ok(())
    }
}

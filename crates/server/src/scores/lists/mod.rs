//! Lists of scores: those of a user, those that are shared with a group.

pub mod api;

use homeroom_api::{GroupId, LibrarySort, ScoreDetails, UserId};

use super::{COLUMNS, PAGE, readable, show_page};
use crate::collections::Sorting;
use crate::db::{Query, Value};
use crate::http::{Caller, Order, Page, PageQuery, Select, Way};
use crate::{App, Result, groups, users};

const OWN: &str = " FROM scores s WHERE s.organization_id = $1 AND s.user_id = $2 AND s.trashed_at = 0";
const OF_USER: &str =
    concat!(" FROM scores s WHERE s.organization_id = $1 AND s.user_id = $3 AND ", readable!("$2"));
const OF_GROUP: &str = concat!(
    " FROM score_collaborators k JOIN scores s ON s.organization_id = k.organization_id AND s.id = k.score_id
      WHERE k.organization_id = $1 AND k.group_id = $3 AND ",
    readable!("$2")
);

/// Who reads, as statements ask for it. What is shared with the person who answers for an app is not shared with the
/// app, and nobody has the id ''.
pub fn reader(caller: &Caller) -> &str {
    caller.person().map_or("", UserId::as_str)
}

/// A list of the scores `s` that `from` finds; `$1` is the organization, `$2` who reads.
pub fn select(args: Vec<Value>, from: &'static str, sorting: Sorting) -> Select<impl Fn(&mut Query)> {
    let key = match sorting.key {
        None | Some(LibrarySort::CreationDate) => None,
        Some(LibrarySort::ModificationDate) => Some("s.modified_at"),
        Some(LibrarySort::Title) => Some("s.title_key"),
    };
    Select {
        args,
        found: "s.*",
        columns: COLUMNS,
        page: PAGE,
        from,
        way: Way::Walk,
        filter: |_: &mut Query| {},
        order: Order { keys: key.into_iter().collect(), id: "s.id", descending: sorting.descending },
    }
}

/// A page of the scores of a user whom the caller sees: one's own, or those that one may read.
pub async fn of_user(
    app: &App,
    caller: &Caller,
    user: &UserId,
    sorting: Sorting,
    page: &PageQuery,
) -> Result<Page<ScoreDetails>> {
    let mut conn = app.db.read().await?;
    users::must_see(&mut conn, caller, user).await?;
    let (organization, reader) = ((&caller.organization).into(), reader(caller).into());
    let found = if caller.is(user) {
        select(vec![organization, reader], OWN, sorting).page(&mut conn, page).await?
    } else {
        select(vec![organization, reader, user.into()], OF_USER, sorting).page(&mut conn, page).await?
    };
    show_page(app, &mut conn, caller, found).await
}

/// A page of the scores that are shared with a group whom the caller is in, or teaches.
pub async fn of_group(
    app: &App,
    caller: &Caller,
    group: &GroupId,
    page: &PageQuery,
) -> Result<Page<ScoreDetails>> {
    let mut conn = app.db.read().await?;
    groups::must_see(&mut conn, caller, group).await?;
    let args = vec![(&caller.organization).into(), reader(caller).into(), group.into()];
    let found = select(args, OF_GROUP, Sorting::default()).page(&mut conn, page).await?;
    show_page(app, &mut conn, caller, found).await
}

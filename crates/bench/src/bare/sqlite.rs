use std::path::Path;

use anyhow::Result;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use crossbeam_channel::{Receiver, Sender, unbounded};
use homeroom_api::{Product, Timestamp, UserDetailsAdmin, UserLicense};
use rusqlite::{Connection, OpenFlags, Row};
use tokio::sync::oneshot;

use super::{LIMIT, PAGE, Place, json};

type Job = (Place, oneshot::Sender<rusqlite::Result<Vec<UserDetailsAdmin>>>);

pub fn router(file: &Path) -> Result<Router> {
    let (jobs, waiting) = unbounded::<Job>();
    for _ in 0..std::thread::available_parallelism()?.get() {
        let connection = Connection::open_with_flags(
            file,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.execute_batch("PRAGMA cache_size = -16384; PRAGMA query_only = ON")?;
        let waiting = waiting.clone();
        std::thread::spawn(move || work(&connection, &waiting));
    }
    Ok(Router::new().route("/", get(answer)).with_state(jobs))
}

async fn answer(State(jobs): State<Sender<Job>>, Query(place): Query<Place>) -> Response {
    let (tell, told) = oneshot::channel();
    let _ = jobs.send((place, tell));
    match told.await {
        Ok(Ok(users)) => json(&users[..users.len().min(25)]).into_response(),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn work(connection: &Connection, waiting: &Receiver<Job>) {
    while let Ok((place, tell)) = waiting.recv() {
        let _ = tell.send(page(connection, &place));
    }
}

fn page(connection: &Connection, place: &Place) -> rusqlite::Result<Vec<UserDetailsAdmin>> {
    let mut statement = connection.prepare_cached(PAGE)?;
    for (name, value) in [("$1", &place.organization), ("$3", &place.lastname), ("$4", &place.id)] {
        let index = statement.parameter_index(name)?.unwrap_or_default();
        statement.raw_bind_parameter(index, value)?;
    }
    for (name, value) in [("$2", super::now()), ("$5", LIMIT)] {
        let index = statement.parameter_index(name)?.unwrap_or_default();
        statement.raw_bind_parameter(index, value)?;
    }
    let mut rows = statement.raw_query();
    let mut users = Vec::new();
    while let Some(row) = rows.next()? {
        users.push(user(row)?);
    }
    Ok(users)
}

fn user(row: &Row<'_>) -> rusqlite::Result<UserDetailsAdmin> {
    let text = |index| -> rusqlite::Result<String> { row.get(index) };
    let word = |index| -> rusqlite::Result<_> { Ok(row.get_ref(index)?.as_str()?.to_owned()) };
    let (firstname, lastname) = (text(3)?, text(4)?);
    let groups: Option<String> = row.get(11)?;
    Ok(UserDetailsAdmin {
        printable_name: Some(format!("{firstname} {lastname}")),
        firstname: Some(firstname),
        lastname: Some(lastname),
        organization: Some(text(1)?.into()),
        organization_role: word(6)?.parse().ok(),
        email: row.get(5)?,
        last_activity_date: Some(Timestamp::from_millis(row.get(9)?)).filter(|at| at.as_millis() > 0),
        license: license(row)?,
        groups: Some(groups.unwrap_or_default().split(',').map(Into::into).collect()),
        is_edu_testing_student: Some(row.get(8)?),
        ..UserDetailsAdmin::basics(text(0)?.into(), Product::FlatEdu, text(2)?)
    })
}

fn license(row: &Row<'_>) -> rusqlite::Result<Option<UserLicense>> {
    let Some(id) = row.get::<_, Option<String>>(12)? else { return Ok(None) };
    let (source, mode) = (row.get_ref(14)?.as_str()?.parse().ok(), row.get_ref(15)?.as_str()?.parse().ok());
    let (Some(source), Some(mode)) = (source, mode) else { return Ok(None) };
    let expiration_date = Timestamp::from_millis(row.get(13)?);
    Ok(Some(UserLicense { id: id.into(), expiration_date, source, mode, active: row.get(16)? }))
}

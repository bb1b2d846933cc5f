use anyhow::Result;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use deadpool_postgres::{Manager, Pool};
use homeroom_api::{Product, Timestamp, UserDetailsAdmin, UserLicense};
use tokio_postgres::{NoTls, Row};

use super::{LIMIT, PAGE, Place, json};

pub fn router(url: &str) -> Result<Router> {
    let pool = Pool::builder(Manager::new(url.parse()?, NoTls)).max_size(16).build()?;
    Ok(Router::new().route("/", get(answer)).with_state(pool))
}

async fn answer(State(pool): State<Pool>, Query(place): Query<Place>) -> Response {
    match page(&pool, &place).await {
        Ok(users) => json(&users[..users.len().min(25)]).into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn page(pool: &Pool, place: &Place) -> Result<Vec<UserDetailsAdmin>> {
    let client = pool.get().await?;
    let statement = client.prepare_cached(PAGE).await?;
    let args: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
        [&place.organization, &super::now(), &place.lastname, &place.id, &LIMIT];
    client.query(&statement, &args).await?.iter().map(user).collect()
}

fn user(row: &Row) -> Result<UserDetailsAdmin> {
    let (firstname, lastname): (String, String) = (row.try_get(3)?, row.try_get(4)?);
    let groups: Option<String> = row.try_get(11)?;
    Ok(UserDetailsAdmin {
        printable_name: Some(format!("{firstname} {lastname}")),
        firstname: Some(firstname),
        lastname: Some(lastname),
        organization: Some(row.try_get::<_, String>(1)?.into()),
        organization_role: row.try_get::<_, &str>(6)?.parse().ok(),
        email: row.try_get(5)?,
        last_activity_date: Some(Timestamp::from_millis(row.try_get(9)?)).filter(|at| at.as_millis() > 0),
        license: license(row)?,
        groups: Some(groups.unwrap_or_default().split(',').map(Into::into).collect()),
        is_edu_testing_student: Some(row.try_get(8)?),
        ..UserDetailsAdmin::basics(row.try_get::<_, String>(0)?.into(), Product::FlatEdu, row.try_get(2)?)
    })
}

fn license(row: &Row) -> Result<Option<UserLicense>> {
    let Some(id) = row.try_get::<_, Option<String>>(12)? else { return Ok(None) };
    let (source, mode) = (row.try_get::<_, &str>(14)?.parse().ok(), row.try_get::<_, &str>(15)?.parse().ok());
    let (Some(source), Some(mode)) = (source, mode) else { return Ok(None) };
    let expiration_date = Timestamp::from_millis(row.try_get(13)?);
    Ok(Some(UserLicense { id: id.into(), expiration_date, source, mode, active: row.try_get(16)? }))
}

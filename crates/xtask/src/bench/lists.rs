//! Lists: against bare servers of the same query, and a million people against ten thousand.

use anyhow::Result;

use super::Ground;
use super::bare::Bare;
use super::data::{Data, USERS, pages};
use super::load::Request;
use super::report::{Row, Target, number};

const PART: &str = "Lists of 25 users";

/// The school that filters are measured on.
pub const FILTERED: usize = 100_000;
pub const FORMS: usize = 5_000;

/// The orders that have an index.
pub const SORTS: &[&[&str]] = &[
    &[],
    &["firstname"],
    &["lastname"],
    &["lastActivityDate"],
    &["licenseExpirationDate"],
    &["firstname", "lastname"],
    &["lastname", "firstname"],
];

/// The whole stack beside the bare query, on the database of `data`.
pub async fn beside_bare(ground: &Ground, data: &Data, least: f64) -> Result<Vec<Row>> {
    let server = ground.serve(data)?;
    let paths = pages(&server, data, &["lastname"]).await?;
    let ours = ground.load.on(&server.url(), &data.requests(&paths))?;
    let page = first_page(&server.url(), data).await?;
    let places = places(data)?;
    drop(server);
    let query = Bare::query(ground, data)?;
    let bare = ground.load.on(query.url(), &places)?;
    drop(query);
    let memory = Bare::memory(ground, &page)?;
    let bytes = ground.load.on(memory.url(), &places)?;
    let (engine, kilobytes) = (data.engine(), page.len() as f64 / 1024.0);
    let row = |against: &str, limit: f64, target| Row {
        part: PART,
        what: format!(
            "sorted by last name, {} people, {engine}, {kilobytes:.0} KB a page",
            number(data.people as f64)
        ),
        measured: format!("{}/s, p99 {:.1} ms", number(ours.per_second), ours.p99),
        against: format!("{}/s {against}", number(limit)),
        figure: ours.per_second / limit,
        unit: "",
        target,
    };
    Ok(vec![
        row("bare query", bare.per_second, Target::AtLeast(least)),
        row("the same bytes from memory", bytes.per_second, Target::None),
    ])
}

async fn first_page(url: &str, data: &Data) -> Result<Vec<u8>> {
    let request =
        reqwest::Client::new().get(format!("{url}{USERS}?sort=lastname")).bearer_auth(data.token(0));
    Ok(request.send().await?.error_for_status()?.bytes().await?.to_vec())
}

/// Pages all along the list, as the bare servers are asked for them.
fn places(data: &Data) -> Result<Vec<Request>> {
    let mut requests = Vec::new();
    for (lastname, id) in &data.places {
        let mut url = reqwest::Url::parse("http://localhost/")?;
        let pairs = [("organization", &data.organization), ("lastname", lastname), ("id", id)];
        url.query_pairs_mut().extend_pairs(pairs);
        requests.push(Request::get(format!("/?{}", url.query().unwrap_or_default()), ""));
    }
    Ok(requests)
}

/// Any order, any depth: a million people beside ten thousand.
pub async fn by_size(ground: &Ground, small: &Data, large: &Data) -> Result<Vec<Row>> {
    let (few, many) = (ground.serve(small)?, ground.serve(large)?);
    let mut rows = Vec::new();
    for sort in SORTS {
        let of_few = ground.load.on(&few.url(), &small.requests(&pages(&few, small, sort).await?))?;
        let of_many = ground.load.on(&many.url(), &large.requests(&pages(&many, large, sort).await?))?;
        let name = if sort.is_empty() { "creation".to_owned() } else { sort.join(", ") };
        rows.push(Row {
            part: PART,
            what: format!("first page and any depth, by {name}, {} people", number(large.people as f64)),
            measured: format!("{}/s, p99 {:.1} ms", number(of_many.per_second), of_many.p99),
            against: format!("{}/s at {}", number(of_few.per_second), number(small.people as f64)),
            figure: of_few.per_second / of_many.per_second,
            unit: " times the time",
            target: Target::AtMost(1.3),
        });
    }
    Ok(rows)
}

/// Orders and filters that have no index of their own.
pub fn combinations(ground: &Ground, large: &Data) -> Result<Vec<Row>> {
    let server = ground.serve(large)?;
    let group = format!("group={}", large.group);
    let mut rows = Vec::new();
    for query in [
        "sort=lastname&sort=lastActivityDate",
        "sort=lastActivityDate&sort=firstname&direction=desc",
        "sort=licenseExpirationDate&sort=lastname",
        "sort=lastname&role=admin",
        "sort=firstname&role=teacher&noActiveLicense=true",
        "sort=lastActivityDate&licenseExpirationDate=notActive&testAccounts=only",
        "sort=firstname&q=xan",
        "sort=lastname&q=zo",
        "sort=lastname&q=%E5%B1%B1",
        "sort=lastname&q=qj",
        &format!("sort=lastname&{group}"),
        &format!("sort=firstname&role=teacher&q=xan&{group}"),
    ] {
        let measured = ground.load.from(&server.url(), &large.requests(&[format!("{USERS}?{query}")]), 1)?;
        rows.push(Row {
            part: "Other combinations, one at a time",
            what: format!("`{}`", query.replace(&large.group, "…")),
            measured: format!("p50 {:.1} ms", measured.p50),
            against: String::new(),
            figure: measured.p50,
            unit: " ms",
            target: Target::AtMost(300.0),
        });
    }
    Ok(rows)
}

/// Each filter beside the list without one. `…` is another group each time.
pub fn filters(ground: &Ground, data: &Data) -> Result<Vec<Row>> {
    let server = ground.serve(data)?;
    let day = format!("licenseExpirationDate={}", data.license_day);
    let mut rows = Vec::new();
    for sort in ["", "sort=lastname&"] {
        let plain = ground.load.on(&server.url(), &data.requests(&[list_of(sort, "")]))?;
        for filter in [
            "group=…",
            "group=…&role=user",
            "group=…&noActiveLicense=true",
            "group=…&group=…&licenseExpirationDate=active",
            "noActiveLicense=true",
            "licenseExpirationDate=active",
            "licenseExpirationDate=notActive&testAccounts=exclude",
            &day,
            "licenseExpirationDate=2099-01-01",
            "testAccounts=exclude",
            "testAccounts=only",
            "testAccounts=only&noActiveLicense=true",
        ] {
            let paths: Vec<String> =
                data.forms.iter().map(|form| list_of(sort, &filter.replace('…', form))).collect();
            let measured = ground.load.on(&server.url(), &data.requests(&paths))?;
            rows.push(Row {
                part: "Filters beside no filter",
                what: format!(
                    "`{sort}{filter}`, {} people in {} groups",
                    number(data.people as f64),
                    number(FORMS as f64)
                ),
                measured: format!("{}/s, p99 {:.1} ms", number(measured.per_second), measured.p99),
                against: format!("{}/s without", number(plain.per_second)),
                figure: plain.per_second / measured.per_second,
                unit: " times the time",
                target: Target::AtMost(2.0),
            });
        }
    }
    Ok(rows)
}

fn list_of(sort: &str, filter: &str) -> String {
    format!("{USERS}?{sort}{filter}").trim_end_matches(['&', '?']).to_owned()
}

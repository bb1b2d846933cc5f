//! Stylesheet and scripts, built into the program. Their addresses hold their hash, so browsers keep them.

use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, digest};
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};

use crate::Error;

struct Asset {
    name: &'static str,
    media_type: &'static str,
    text: &'static str,
    hash: LazyLock<String>,
}

macro_rules! asset {
    ($name:literal, $type:literal) => {
        Asset {
            name: $name,
            media_type: $type,
            text: include_str!(concat!("assets/", $name)),
            hash: LazyLock::new(|| hash(include_str!(concat!("assets/", $name)))),
        }
    };
}

static ASSETS: [Asset; 2] = [
    asset!("homeroom.css", "text/css; charset=utf-8"),
    asset!("continue.js", "text/javascript; charset=utf-8"),
];

fn hash(text: &str) -> String {
    let bytes = digest(&SHA256, text.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(&bytes.as_ref()[..9])
}

fn find(name: &str) -> Option<&'static Asset> {
    ASSETS.iter().find(|asset| asset.name == name)
}

/// Where an asset is: `/assets/HASH/NAME`.
pub(super) fn address(name: &str) -> String {
    let hash = find(name).map_or("", |asset| asset.hash.as_str());
    format!("/assets/{hash}/{name}")
}

/// `/assets/{hash}/{name}`. Under another hash it is there too, but not to be kept: a page of an older replica asks.
pub async fn asset(Path((hash, name)): Path<(String, String)>) -> Response {
    let Some(asset) = find(&name) else { return Error::not_found("file").into_response() };
    let keep = if *asset.hash == hash { "public, max-age=31536000, immutable" } else { "no-cache" };
    let headers = [
        (header::CONTENT_TYPE, asset.media_type),
        (header::CACHE_CONTROL, keep),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, asset.text).into_response()
}

//! Letting an app in.

use homeroom_browser::{Browser, PASSWORD, Server};
use homeroom_client::{OrganizationAppCreation, Role, Scope};
use tokio::net::TcpListener;

use crate::support::{fill_in, sign_in};

/// Of a code verifier that nobody uses: the tests end with the code.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// An app on this machine, which answers whatever browsers ask.
pub struct Diary {
    pub callback: String,
    pub page: String,
}

impl Diary {
    pub async fn start(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let callback = format!("http://{}/callback", listener.local_addr().unwrap());
        tokio::spawn(answer_all(listener));
        let new = OrganizationAppCreation {
            name: "Practice diary".to_owned(),
            redirect_uris: vec!["http://127.0.0.1/callback".to_owned()],
            scopes: vec![Scope::AccountPublicProfile, Scope::Scores],
            ..OrganizationAppCreation::default()
        };
        let app = server.admin.apps().create(&new).await.unwrap();
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", app.id.as_str())
            .append_pair("redirect_uri", &callback)
            .append_pair("response_type", "code")
            .append_pair("scope", "openid account.public_profile scores")
            .append_pair("state", "s1")
            .append_pair("code_challenge", CHALLENGE)
            .append_pair("code_challenge_method", "S256")
            .finish();
        Self { callback, page: server.page(&format!("/auth/oauth?{query}")) }
    }
}

async fn answer_all(listener: TcpListener) {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    const ANSWER: &[u8] =
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 19\r\nConnection: close\r\n\r\n<h1>The diary</h1>\n";
    while let Ok((mut stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(ANSWER).await;
        });
    }
}

#[tokio::test]
async fn an_app_is_let_in_after_signing_in_and_not_asked_about_wrongly() {
    let server = Server::start().await;
    server.person("grace", Role::Teacher).await;
    let diary = Diary::start(&server).await;
    let browser = Browser::start().await;
    browser.open(&diary.page).await;
    browser.reads("Sign in").await;
    fill_in(&browser, "grace", PASSWORD).await;
    browser.reads("Allow Practice diary?").await;
    browser.sees("see, change and delete your scores").await;
    browser.press("Allow").await;
    browser.reads("The diary").await;
    let address = browser.address().await;
    assert!(address.starts_with(&format!("{}?code=hrc_", diary.callback)), "{address}");
    assert!(address.contains("&state=s1"), "{address}");
}

#[tokio::test]
async fn an_app_that_is_not_let_in_is_told_so() {
    let server = Server::start().await;
    server.person("grace", Role::Teacher).await;
    let diary = Diary::start(&server).await;
    let browser = Browser::without_scripts().await;
    sign_in(&browser, &server, "grace").await;
    browser.open(&diary.page).await;
    browser.press("Don't allow").await;
    browser.reads("The diary").await;
    let address = browser.address().await;
    assert!(address.contains("error=access_denied") && !address.contains("code="), "{address}");
}

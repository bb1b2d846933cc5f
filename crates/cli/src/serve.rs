//! `homeroom serve`.

use std::io::ErrorKind;

use anyhow::{Result, anyhow};
use clap::Args;
use homeroom_server::config::KeyOrigin;
use homeroom_server::{App, http, router};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use crate::settings::{ConfigFile, Database, Server, Settings, resolve};
use crate::{logging, store};

/// Serve the API
///
/// Brings the database up to date, then serves until SIGTERM or Ctrl-C; requests in flight are answered first.
/// Without any flag it works, on ./homeroom.db.
#[derive(Args)]
#[command(after_help = "Examples:
  homeroom serve
  homeroom serve --database sqlite:///var/lib/homeroom.db \\
    --public-url https://school.example")]
pub struct Serve {
    #[command(flatten)]
    database: Database,
    #[command(flatten)]
    server: Server,
    #[command(flatten)]
    config: ConfigFile,
}

impl Serve {
    pub async fn run(self) -> Result<()> {
        let mut settings = resolve(&self.config, self.database, self.server)?;
        logging::start(&settings)?;
        let stop = stop_signal()?;
        let listener = listen(&mut settings).await?;
        let (app, key) = store::open_or_make(&settings).await?;
        if let KeyOrigin::Made(file) = &key {
            tracing::info!(file = %file.display(), "made a secret key: keep a copy of it apart from the database");
        }
        tracing::info!(
            listen = %listener.local_addr()?, public_url = %app.settings.public_url, database = %settings.database,
            "serving"
        );
        let db = app.db.clone();
        serve(app, listener, stop).await;
        store::settle(&db, &settings.database).await;
        Ok(())
    }
}

/// Binds the address. Where the system chose the port, the public URL names it.
pub async fn listen(settings: &mut Settings) -> Result<TcpListener> {
    let listener =
        TcpListener::bind(&settings.listen).await.map_err(|error| refusal(&settings.listen, &error))?;
    if settings.server.public_url == format!("http://{}", settings.listen) && settings.listen.ends_with(":0")
    {
        settings.server.public_url = format!("http://{}", listener.local_addr()?);
    }
    Ok(listener)
}

fn refusal(address: &str, error: &std::io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => {
            anyhow!("another program listens on {address}: stop it, or choose another port with --listen")
        }
        ErrorKind::PermissionDenied => {
            anyhow!("listening on {address} is not permitted: choose a port from 1024 on with --listen")
        }
        _ => anyhow!("can't listen on {address} ({error}): give --listen an address like 127.0.0.1:8080"),
    }
}

/// Ready at SIGTERM or SIGINT, which from now on don't end the program by themselves.
pub fn stop_signal() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: answering the requests in flight");
    })
}

/// Serves until `stop` is ready and the requests in flight are answered.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()>) {
    app.start();
    let router = router::router(&app);
    http::serve(app, router, listener, stop).await;
}

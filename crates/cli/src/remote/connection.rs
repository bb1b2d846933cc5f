//! Which server, as whom, and how to print what it says.

use clap::Args;
use homeroom_client::Client;

use super::failure;
use crate::output::Output;

#[derive(Args)]
pub struct Connection {
    /// Address of the server
    #[arg(long, env = "HOMEROOM_URL", default_value = "http://127.0.0.1:8080", global = true)]
    #[arg(help_heading = "Server", value_name = "URL")]
    url: String,

    /// API token; better given as the variable, because other users of this machine see arguments
    #[arg(long, env = "HOMEROOM_TOKEN", hide_env_values = true, global = true, help_heading = "Server")]
    token: Option<String>,

    /// Print the API's JSON instead of text for people
    #[arg(long, global = true, help_heading = "Output")]
    json: bool,
}

impl Connection {
    pub fn client(&self) -> anyhow::Result<Client> {
        let token = self.token.as_deref().filter(|token| !token.is_empty()).ok_or_else(|| {
            failure::usage(
                "there is no API token: set HOMEROOM_TOKEN (`homeroom organizations create` and `homeroom demo` \
                 print one)",
            )
        })?;
        let agent = concat!("homeroom/", env!("CARGO_PKG_VERSION"));
        let client = Client::builder(&self.url).token(token).user_agent(agent).build();
        client.map_err(|error| failure::usage(&error.to_string()))
    }

    pub fn output(&self) -> Output {
        if self.json { Output::Json } else { Output::Text }
    }

    /// Says what to do about an error of the SDK.
    pub fn explain(&self, error: anyhow::Error) -> anyhow::Error {
        failure::explain(error, &self.url)
    }
}

//! The part that 1.2.13 plays in a capture: which connection it is, and in the place of which end. Promise: nothing is
//! guessed; where several connections fit, the person is asked.

use std::net::Ipv4Addr;

use clap::Args;

use super::index::Index;
use super::index::flow::Flow;
use super::segment::Endpoint;
use crate::refusal::{Refusal, harmless};

/// The choice as it stands on the command line.
#[derive(Debug, Clone, Default, Args)]
pub struct Part {
    /// Captures: the end that 1.2.13 plays (default: the server)
    #[arg(long = "as", value_name = "IP[:PORT]")]
    pub own: Option<String>,
    /// Captures: which connection, as numbered in the list that `sockscope replay` prints of several
    #[arg(long, value_name = "N")]
    pub connection: Option<usize>,
}

/// Why no connection is chosen.
#[derive(Debug)]
pub enum PartError {
    /// The capture has none.
    Nothing,
    /// Several fit.
    Several,
    /// None fits.
    Absent,
    /// The choice itself makes no sense.
    Unreadable(Refusal),
}

impl Part {
    /// Whether nothing was chosen.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.own.is_none() && self.connection.is_none()
    }

    /// The one connection that is meant, and the end whose place 1.2.13 takes.
    ///
    /// # Errors
    /// None, or more than one fits.
    pub fn choose<'a>(&self, index: &'a Index) -> Result<(&'a Flow, Endpoint), PartError> {
        let wanted = self.own.as_deref().map(Wanted::read).transpose().map_err(PartError::Unreadable)?;
        let fits = |flow: &&Flow| wanted.is_none_or(|w| w.is(flow.client) || w.is(flow.server));
        let mut fitting = index
            .flows()
            .iter()
            .filter(|flow| self.connection.is_none_or(|number| u32::try_from(number) == Ok(flow.number)))
            .filter(fits);
        match (fitting.next(), fitting.next()) {
            (Some(only), None) => {
                let own = match wanted {
                    Some(wanted) if !wanted.is(only.server) => only.client,
                    _ => only.server,
                };
                Ok((only, own))
            }
            (Some(_), Some(_)) => Err(PartError::Several),
            (None, _) if index.flows().is_empty() => Err(PartError::Nothing),
            (None, _) => Err(PartError::Absent),
        }
    }
}

/// The value of `--as`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wanted {
    address: Ipv4Addr,
    port: Option<u16>,
}

impl Wanted {
    fn read(text: &str) -> Result<Self, Refusal> {
        let (address, port) = match text.split_once(':') {
            Some((address, port)) => (address, Some(port.parse().map_err(|_| Self::unreadable(text))?)),
            None => (text, None),
        };
        let address = address.parse().map_err(|_| Self::unreadable(text))?;
        Ok(Self { address, port })
    }

    fn unreadable(text: &str) -> Refusal {
        let shown = harmless(text);
        Refusal::usage(
            format!("--as \"{shown}\" is no address: give IP or IP:PORT, such as 10.8.0.2:80."),
            format!("--as “{shown}”不是地址：请给出 IP 或 IP:端口，例如 10.8.0.2:80。"),
        )
    }

    fn is(&self, end: Endpoint) -> bool {
        end.address == self.address && self.port.is_none_or(|port| port == end.port)
    }
}

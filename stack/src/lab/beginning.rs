//! How a world begins: what stands at the head of every journal, so that journal and beginning together are a whole run.
//! Promise: a world made from a beginning, and nothing done to it yet, gives that beginning back.

use crate::include::config::Config;
use crate::lab::world::{Medium, World};
use crate::link::wire::{Wire, WireConfig};

/// The most hosts of a world that comes from a file: a run keeps about two hundred copies of every one of them.
pub const MOST_HOSTS: usize = 32;

/// How a world begins: its machines, still switched off, and what lies between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beginning {
    /// Hosts by name, in the order of their numbers.
    pub hosts: Vec<(String, Config)>,
    /// The wire between them; `None` where frames come from outside.
    pub wire: Option<WireConfig>,
}

impl Beginning {
    /// One machine whose frames come from outside and go there.
    #[must_use]
    pub fn alone(name: &str, config: Config) -> Self {
        Self { hosts: vec![(name.to_owned(), config)], wire: None }
    }

    /// The beginning of a world at which nothing has happened yet; of a later one, the machines and the wire alone.
    #[must_use]
    pub fn of(world: &World) -> Self {
        let hosts = world.hosts.iter().map(|host| (host.name.clone(), host.kernel.config.clone())).collect();
        let wire = match &world.medium {
            Medium::Simulated(wire) => Some(wire.config.clone()),
            Medium::Outside => None,
        };
        Self { hosts, wire }
    }

    /// The world that begins so.
    #[must_use]
    pub fn world(&self) -> World {
        let medium = self.wire.clone().map_or(Medium::Outside, |wire| Medium::Simulated(Wire::new(wire)));
        World::new(self.hosts.clone(), medium)
    }
}

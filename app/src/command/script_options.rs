//! The options of a script that stand on the command line as well, named as in packetdrill. Promise: there they override
//! what the script says, whatever it says.

use clap::Args;

/// Options of packetdrill scripts.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Options of packetdrill scripts (they override those in a script)")]
pub struct ScriptOptions {
    /// A word stands for a value: a number, a string, a word or a command
    #[arg(short = 'D', long = "define", value_name = "NAME=VALUE")]
    pub define: Vec<String>,
    /// The address of the stack
    #[arg(long = "local_ip", value_name = "ADDRESS")]
    pub local_ip: Option<String>,
    /// The address of the peer that the script plays
    #[arg(long = "remote_ip", value_name = "ADDRESS")]
    pub remote_ip: Option<String>,
    /// The gateway of the default route, or none
    #[arg(long = "gateway_ip", value_name = "ADDRESS")]
    pub gateway_ip: Option<String>,
    /// The mask of the network of the stack
    #[arg(long = "netmask_ip", value_name = "MASK")]
    pub netmask_ip: Option<String>,
    /// The port that `...` means in bind()
    #[arg(long = "bind_port", value_name = "PORT")]
    pub bind_port: Option<String>,
    /// The port that `...` means in connect()
    #[arg(long = "connect_port", value_name = "PORT")]
    pub connect_port: Option<String>,
    /// The port from which the peer connects
    #[arg(long = "remote_port", value_name = "PORT")]
    pub remote_port: Option<String>,
    /// The MTU of the card
    #[arg(long = "mtu", value_name = "OCTETS")]
    pub mtu: Option<String>,
    /// The clock at second 0 in microseconds, from which initial sequence numbers come
    #[arg(long = "isn", value_name = "MICROSECONDS")]
    pub isn: Option<String>,
    /// How many microseconds early or late something may be (4000)
    #[arg(long = "tolerance_usecs", value_name = "MICROSECONDS")]
    pub tolerance_usecs: Option<String>,
    /// How many per cent of the time since the line before (12.5), if that is more
    #[arg(long = "tolerance_percent", value_name = "PER CENT")]
    pub tolerance_percent: Option<String>,
    /// A packet line stands for one segment, never for several that follow each other
    #[arg(long = "strict_segments")]
    pub strict_segments: bool,
    /// `packet`: a packet that is not as its line says, or not in time, is a warning on standard error and the script can still
    /// pass; one that never comes or has another length stays a failure. `syscall` is taken and changes nothing, as in packetdrill
    #[arg(long = "non_fatal", value_name = "packet,syscall")]
    pub non_fatal: Option<String>,
    /// Only read the scripts: what is wrong with one is said, and nothing is run
    #[arg(long = "dry_run")]
    pub dry_run: bool,
    /// Print every packet and every call before the verdict, a line each with its time
    #[arg(short = 'v', long = "verbose")]
    pub verbose: bool,
}

impl ScriptOptions {
    /// Name and value of each that was given.
    #[must_use]
    pub fn given(&self) -> Vec<(String, Option<String>)> {
        let valued = [
            ("local_ip", &self.local_ip),
            ("remote_ip", &self.remote_ip),
            ("gateway_ip", &self.gateway_ip),
            ("netmask_ip", &self.netmask_ip),
            ("bind_port", &self.bind_port),
            ("connect_port", &self.connect_port),
            ("remote_port", &self.remote_port),
            ("mtu", &self.mtu),
            ("isn", &self.isn),
            ("tolerance_usecs", &self.tolerance_usecs),
            ("tolerance_percent", &self.tolerance_percent),
            ("non_fatal", &self.non_fatal),
        ];
        let mut given: Vec<(String, Option<String>)> = valued
            .into_iter()
            .filter_map(|(name, value)| value.clone().map(|value| (name.to_owned(), Some(value))))
            .collect();
        let bare = [("strict_segments", self.strict_segments), ("dry_run", self.dry_run), ("verbose", self.verbose)];
        given.extend(bare.into_iter().filter(|(_, is)| *is).map(|(name, _)| (name.to_owned(), None)));
        given
    }
}

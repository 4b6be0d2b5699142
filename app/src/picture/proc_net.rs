//! The texts of /proc/net: which files a kernel has, and what each reads at a moment, with the lines that the step before read
//! otherwise marked.

use stack::include::config::BuildOption;
use stack::kernel::Kernel;
use stack::net::inet::proc;

/// The texts of /proc/net.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the files")]
pub enum ProcFile {
    #[default]
    Tcp,
    Udp,
    Raw,
    Arp,
    Route,
    Dev,
    Snmp,
    Sockstat,
    Igmp,
    Rarp,
    IpBlock,
    IpForward,
    IpAcct,
}

impl ProcFile {
    /// Every one, in the order in which they are offered.
    pub const ALL: &'static [Self] = &[
        Self::Tcp,
        Self::Udp,
        Self::Raw,
        Self::Arp,
        Self::Route,
        Self::Dev,
        Self::Snmp,
        Self::Sockstat,
        Self::Igmp,
        Self::Rarp,
        Self::IpBlock,
        Self::IpForward,
        Self::IpAcct,
    ];

    /// The files that a kernel has: some exist only where their part is compiled in.
    #[must_use]
    pub fn of(k: &Kernel) -> Vec<Self> {
        let built = |file: &Self| file.option().is_none_or(|option| k.config.has(option));
        Self::ALL.iter().copied().filter(built).collect()
    }

    /// The part of the kernel that a file belongs to; none where every kernel has it.
    #[must_use]
    pub fn option(self) -> Option<BuildOption> {
        match self {
            Self::Tcp | Self::Udp | Self::Raw | Self::Arp | Self::Route | Self::Dev | Self::Snmp | Self::Sockstat => {
                None
            }
            Self::Igmp => Some(BuildOption::IpMulticast),
            Self::Rarp => Some(BuildOption::InetRarp),
            Self::IpBlock | Self::IpForward => Some(BuildOption::IpFirewall),
            Self::IpAcct => Some(BuildOption::IpAcct),
        }
    }

    /// Its name below /proc/net.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Raw => "raw",
            Self::Arp => "arp",
            Self::Route => "route",
            Self::Dev => "dev",
            Self::Snmp => "snmp",
            Self::Sockstat => "sockstat",
            Self::Igmp => "igmp",
            Self::Rarp => "rarp",
            Self::IpBlock => "ip_block",
            Self::IpForward => "ip_forward",
            Self::IpAcct => "ip_acct",
        }
    }

    /// The file of a name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|file| file.name() == name)
    }

    /// The text as the kernel prints it now.
    #[must_use]
    pub fn text(self, k: &Kernel) -> String {
        match self {
            Self::Tcp => proc::tcp_get_info(k),
            Self::Udp => proc::udp_get_info(k),
            Self::Raw => proc::raw_get_info(k),
            Self::Arp => proc::arp_get_info(k),
            Self::Route => proc::rt_get_info(k),
            Self::Dev => proc::dev_get_info(k),
            Self::Snmp => proc::snmp_get_info(k),
            Self::Sockstat => proc::afinet_get_info(k),
            Self::Igmp => proc::ip_mc_procinfo(k),
            Self::Rarp => proc::rarp_get_info(k),
            Self::IpBlock => proc::ip_fw_blk_procinfo(k),
            Self::IpForward => proc::ip_fw_fwd_procinfo(k),
            Self::IpAcct => proc::ip_acct_procinfo(k),
        }
    }
}

/// A text of /proc/net.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProcText {
    /// The host it belongs to.
    pub host: String,
    /// Which file it is.
    pub file: ProcFile,
    /// The files that the host has.
    pub files: Vec<ProcFile>,
    /// Its lines, and whether each is another than before the step.
    pub lines: Vec<(String, bool)>,
}

impl ProcText {
    /// A file of a host as its kernel prints it now, compared with what it was; the first of all if it is not there.
    #[must_use]
    pub fn of(host: &str, file: ProcFile, now: &Kernel, was: &Kernel) -> Self {
        let files = ProcFile::of(now);
        let file = if files.contains(&file) { file } else { ProcFile::default() };
        let lines = compared(&file.text(now), &file.text(was));
        Self { host: host.to_owned(), file, files, lines }
    }
}

/// The lines of a text, and whether each is another than before.
fn compared(now: &str, was: &str) -> Vec<(String, bool)> {
    let known: Vec<&str> = was.lines().collect();
    now.lines().map(|line| (line.to_owned(), !known.contains(&line))).collect()
}

#[cfg(test)]
mod tests {
    use stack::include::config::{BuildOption, Config};

    use super::*;

    #[test]
    fn lines_that_were_not_there_are_marked() {
        let lines = compared("head\nnew\nold\n", "head\nold\n");
        let marks: Vec<bool> = lines.iter().map(|(_, changed)| *changed).collect();
        assert_eq!(marks, [false, true, false]);
    }

    #[test]
    fn a_kernel_has_the_files_of_what_is_compiled_in() {
        let plain = Kernel::off(Config::default());
        assert_eq!(ProcText::of("A", ProcFile::Rarp, &plain, &plain).file, ProcFile::Tcp);
        let built = Kernel::off(Config::default().with(&[BuildOption::InetRarp, BuildOption::IpFirewall]));
        let text = ProcText::of("A", ProcFile::Rarp, &built, &built);
        assert_eq!(text.lines[0].0, "RARP disabled until entries added to cache.");
        let names: Vec<&str> = text.files.iter().skip(8).map(|file| file.name()).collect();
        assert_eq!(names, ["rarp", "ip_block", "ip_forward"]);
    }
}

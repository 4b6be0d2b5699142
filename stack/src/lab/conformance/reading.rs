//! How a script is held to what happens: as a recording, which says everything, or as packetdrill would.

use super::failure::Failure;
use crate::lab::script::Script;
use crate::lab::script::ast::ScriptOption;

/// How a script is read, run and judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The script stands beside a recording. It says everything: each packet in its order, each time to the tick, what is
    /// usual in a header where it is silent; numbers of the peer and of descriptors are what they are.
    Recorded,
    /// As in packetdrill: `+D` counts from what really happened, times have a tolerance, what a line does not say is not
    /// looked at, descriptors and initial sequence numbers are names, and packets nobody asks for are let go.
    Packetdrill,
}

impl Reading {
    /// How to read a script, which may lie beside a recording and may say itself that it is to be read as packetdrill does
    /// (`--reading=packetdrill`: what really happened, where its numbers are names).
    #[must_use]
    pub fn of(script: &Script, recorded: bool) -> Self {
        let says = |option: &ScriptOption| option.name == READING && option.value.as_deref() == Some(PACKETDRILL);
        if recorded && !script.options.iter().any(says) { Reading::Recorded } else { Reading::Packetdrill }
    }
}

/// The option that says how a script is to be read, and its value.
pub const READING: &str = "reading";
/// As packetdrill reads it.
pub const PACKETDRILL: &str = "packetdrill";

/// Whether a packet that is not as its line says is only a warning: `--non_fatal=packet`. packetdrill knows the word
/// `syscall` too and never looks at it.
///
/// # Errors
/// A word that is neither.
pub(super) fn packets_only_warn(script: &Script) -> Result<bool, Failure> {
    let mut only_warn = false;
    for option in script.options.iter().filter(|option| option.name == "non_fatal") {
        for word in option.value.as_deref().unwrap_or_default().split([',', ' ']).filter(|word| !word.is_empty()) {
            match word {
                "packet" => only_warn = true,
                "syscall" => {}
                _ => return Err(Failure::option(option)),
            }
        }
    }
    Ok(only_warn)
}

/// By how much something may be early or late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tolerance {
    /// At least these microseconds.
    microseconds: u64,
    /// Millionths of the script time since the line before.
    share: u64,
}

impl Tolerance {
    /// Nothing may be early or late.
    pub(super) const NONE: Self = Tolerance { microseconds: 0, share: 0 };

    /// packetdrill's, unless the options of the script say something else.
    ///
    /// # Errors
    /// A value that is no such number.
    pub(super) fn of(script: &Script) -> Result<Self, Failure> {
        let mut tolerance = Tolerance { microseconds: 4_000, share: 125_000 };
        for option in &script.options {
            match option.name.as_str() {
                "tolerance_usecs" => tolerance.microseconds = value(option).ok_or_else(|| Failure::option(option))?,
                "tolerance_percent" => {
                    let percent: f64 = value(option).ok_or_else(|| Failure::option(option))?;
                    if !(0.0..=1_000_000.0).contains(&percent) {
                        return Err(Failure::option(option));
                    }
                    tolerance.share = (percent * 10_000.0) as u64;
                }
                _ => {}
            }
        }
        Ok(tolerance)
    }

    /// The microseconds for something that stands `gap` microseconds of script time behind the line before.
    pub(super) fn after(self, gap: u64) -> u64 {
        let share = u128::from(gap) * u128::from(self.share) / 1_000_000;
        self.microseconds.max(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

fn value<T: std::str::FromStr>(option: &ScriptOption) -> Option<T> {
    option.value.as_deref()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::script::parse;

    fn tolerance(text: &str) -> Result<Tolerance, Failure> {
        Tolerance::of(&parse(text).unwrap())
    }

    #[test]
    fn packets_warn_where_a_script_says_so() {
        let warn = |text: &str| packets_only_warn(&parse(&format!("{text}\n0 `true`")).unwrap());
        assert_eq!(warn(""), Ok(false));
        assert_eq!(warn("--non_fatal=syscall"), Ok(false));
        assert_eq!(warn("--non_fatal=\"syscall, packet\""), Ok(true));
        assert_eq!(warn("--non_fatal=packet\n--non_fatal=syscall"), Ok(true), "each adds to the other");
        assert!(warn("--non_fatal=packets").is_err());
    }

    #[test]
    fn an_eighth_of_the_gap_or_four_milliseconds() {
        let usual = tolerance("0 `true`").unwrap();
        assert_eq!([0, 32_000, 3_000_000].map(|gap| usual.after(gap)), [4_000, 4_000, 375_000]);
        let other = tolerance("--tolerance_usecs=10000 --tolerance_percent=0.5\n0 `true`").unwrap();
        assert_eq!([0, 4_000_000].map(|gap| other.after(gap)), [10_000, 20_000]);
        for wrong in ["usecs=-1", "usecs=x", "percent=-3", "percent=nan", "percent=1e99"] {
            assert!(tolerance(&format!("--tolerance_{wrong}\n0 `true`")).is_err(), "{wrong}");
        }
    }
}

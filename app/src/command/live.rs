//! `sockscope live`: the 1.2.13 host on a real device, with the running kernel of this machine as its peer.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use super::screen::{ScreenArguments, show};
use crate::i18n::Words;
use crate::live::headless::End;
use crate::live::start::{Options, headless, start};
use crate::recording::of_session::Target;
use crate::refusal::{EXIT_FAILED, Refusal};
use crate::session::Session;

const EXAMPLES: &str = "Examples:
  sockscope live -- curl -s http://10.0.0.2/   run one command against the stack, no root needed
  sockscope live --headless                    keep it running; then: sockscope exec -- ping 10.0.0.2
  sockscope live --record talk.pcapng --for 60 record a minute (--record-limit 200M: that much at most)
  sudo sockscope live --tap tap0 --headless    a device of the host itself";

/// The arguments of `live`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// Use (or make) this TAP device of the host instead of a private network. Root is given up once it is open: session and
    /// command run on as whoever called sudo, else as nobody
    #[arg(long, value_name = "NAME")]
    pub tap: Option<String>,
    /// The address of the 1.2.13 host
    #[arg(long, value_name = "CIDR", default_value = "10.0.0.2/24")]
    pub address: String,
    /// The address of this machine's kernel on the device
    #[arg(long, value_name = "CIDR", default_value = "10.0.0.1/24")]
    pub peer: String,
    /// Without the screen
    #[arg(long)]
    pub headless: bool,
    /// Record every frame and the whole journal as pcapng
    #[arg(long, value_name = "FILE")]
    pub record: Option<String>,
    /// Let --record replace a file that is there already
    #[arg(long, requires = "record")]
    pub force: bool,
    /// End the recording, not the session, at this size: bytes, or with K, M or G
    #[arg(long, value_name = "SIZE", requires = "record", value_parser = size)]
    pub record_limit: Option<u64>,
    /// Programs on the 1.2.13 host: httpd, echo, discard, daytime, chargen
    #[arg(long, value_name = "NAMES", value_delimiter = ',', default_value = "httpd,echo")]
    pub serve: Vec<String>,
    /// End after this many seconds
    #[arg(long = "for", value_name = "SECONDS")]
    pub seconds: Option<u32>,
    /// How the screen looks
    #[command(flatten)]
    pub screen: ScreenArguments,
    /// A command to run in the private network; its status becomes the exit code
    #[arg(last = true, value_name = "CMD")]
    pub command: Vec<OsString>,
}

/// The smallest limit: a recording has its beginning and its end in any case.
const SMALLEST: u64 = 64 << 10;

/// A size in bytes, also as `500K`, `20M` or `2G` (powers of 1024).
fn size(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.as_bytes().last() {
        Some(b'K' | b'k') => (&text[..text.len() - 1], 10),
        Some(b'M' | b'm') => (&text[..text.len() - 1], 20),
        Some(b'G' | b'g') => (&text[..text.len() - 1], 30),
        _ => (text, 0),
    };
    let number: Option<u64> = digits.parse().ok();
    let bytes = number.and_then(|number| number.checked_mul(1 << shift)).filter(|bytes| *bytes >= SMALLEST);
    bytes.ok_or_else(|| "give a size of 64K or more, such as 500K, 20M or 2G".to_owned())
}

/// Runs the command.
///
/// # Errors
/// The session cannot be started, its device is gone, or the stack died as the original would have.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let options = Options {
        address: arguments.address.clone(),
        peer: arguments.peer.clone(),
        tap: arguments.tap.clone(),
        serve: arguments.serve.clone(),
        record: arguments.record.clone().map(|path| Target {
            path,
            replace: arguments.force,
            limit: arguments.record_limit,
        }),
    };
    if arguments.screen.plain {
        return Err(Refusal::usage(
            "a live session has no line by line form, for it goes on by itself: use --headless with --record FILE, then `sockscope lab FILE --plain`.",
            "真实会话会自行前进，没有逐行模式：请用 --headless 和 --record 文件 录下来，再运行 `sockscope lab 文件 --plain`。",
        )
        .into());
    }
    if !arguments.headless && arguments.command.is_empty() && std::io::stdout().is_terminal() {
        return show(&arguments.screen, || Ok(Some(Session::of_live(start(&options)?).into())));
    }
    let limit = arguments.seconds.map(|seconds| Duration::from_secs(seconds.into()));
    match headless(&options, &arguments.command, limit)? {
        End::Oops(story) => {
            let (en, zh) =
                (format!("1.2.13 would have crashed here: {story}"), format!("1.2.13 会在这里崩溃：{story}"));
            Err(Refusal { words: Words::new(en, zh), exit_code: EXIT_FAILED }.into())
        }
        end => Ok(ExitCode::from(end.exit_code())),
    }
}

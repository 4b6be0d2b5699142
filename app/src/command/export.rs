//! `sockscope export`: a run as something other programs open: a recording, a picture, text, a diagram, a film, a script.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};
use ratatui::layout::Rect;

use crate::capture::part::Part;
use crate::catalog;
use crate::command::output::deliver;
use crate::command::progress::{Progress, play};
use crate::command::screen::{self, ScreenArguments};
use crate::export::keys::{self, Stroke};
use crate::export::offscreen::Offscreen;
use crate::export::{animated, cast, mermaid, pcapng_replay, pkt, pkt_replay};
use crate::i18n::{Lang, Words, lang_of_environment};
use crate::open::capture;
use crate::open::open_part;
use crate::picture::Pane;
use crate::picture::Source;
use crate::recording::journal::Kept;
use crate::recording::of_run as record;
use crate::refusal::{Refusal, harmless, say};
use crate::session::Session;
use crate::tui::Options;
use crate::tui::app::App;
use crate::tui::print::{svg, text};
use crate::tui::theme::{Depth, Palette};

const EXAMPLES: &str = "Examples:
  sockscope export scene.pkt --format mermaid                  the frames as a sequence diagram
  sockscope export scene.pkt --format pcapng -o scene.pcapng   for Wireshark, and for sockscope lab again
  sockscope export http.pcap --format svg -o end.svg           the screen at the last moment
  sockscope export scene.pkt --format text --pane ladder       one pane of it, as text
  sockscope export scene.pkt --format cast -o scene.cast       a film: asciinema play scene.cast
  sockscope export --tour first-minute --format cast -o a.cast the first minute with the program, filmed by itself
  sockscope export lost_syn --format svg --keys '] ] wait:2 ]' -o a.svg   a picture that moves: keys pressed in a scene
  sockscope export scene.pkt --format pkt                      the script of what really happened
  sockscope export http.pcap --format pkt --as 10.8.0.1        1.2.13 in the place of that end, as a script that passes
  sockscope export http.pcap --format pcapng -o replay.pcapng  the same as frames, each with its relation to the capture as a comment";

/// Turns that are taken at most.
const LONGEST: usize = 1_000_000;
/// The seed of a scene.
const SEED: u64 = 1;

/// The arguments of `export`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A script (.pkt), frame scenario (.json), capture, recording or saved session; without one, the scene the program starts with
    #[arg(value_name = "SCENE|CAPTURE")]
    pub scene: Option<PathBuf>,
    /// What is written
    #[arg(long, short)]
    pub format: Format,
    /// The file to write (default: standard output)
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// svg, text: the screen at this step, counted from 0 (default: where a saved session stood, else the last one)
    #[arg(long, value_name = "N")]
    pub step: Option<u64>,
    /// svg, text, cast: this pane alone
    #[arg(long, value_name = "NAME", value_parser = PossibleValuesParser::new(Pane::ALL.iter().map(|pane| pane.id())))]
    pub pane: Option<String>,
    /// svg, text, cast: columns of the screen
    #[arg(long, value_name = "N", default_value_t = 160, value_parser = clap::value_parser!(u16).range(20..=400))]
    pub width: u16,
    /// svg, text, cast: rows of the screen
    #[arg(long, value_name = "N", default_value_t = 45, value_parser = clap::value_parser!(u16).range(5..=200))]
    pub height: u16,
    /// cast, svg: a film of the program with these keys pressed: `]`, `Enter`, `type:TEXT`, `wait:SECONDS`, `say:CAPTION`; without
    /// SCENE it begins at home
    #[arg(long, value_name = "KEYS", conflicts_with_all = ["tour", "step", "pane"])]
    pub keys: Option<String>,
    /// cast, svg: a film that ships with the program: first-minute
    #[arg(long, value_name = "NAME", conflicts_with_all = ["step", "pane"])]
    pub tour: Option<String>,
    /// The part in a capture
    #[command(flatten)]
    pub part: Part,
    /// How the screen looks
    #[command(flatten)]
    pub screen: ScreenArguments,
}

/// What a run is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A recording that Wireshark opens, with the whole run in it
    Pcapng,
    /// A picture of the screen
    Svg,
    /// A sequence diagram for Markdown
    Mermaid,
    /// The screen as text
    Text,
    /// A film for asciinema, with a marker at every change of a state
    Cast,
    /// The script of what really happened on one host, or in the place of one end of a capture
    Pkt,
}

/// Runs the command.
///
/// # Errors
/// The scene cannot be read, or what was asked for cannot be made of it or written.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    deliver(&export(arguments)?, arguments.output.as_deref())?;
    Ok(ExitCode::SUCCESS)
}

fn export(arguments: &Arguments) -> Result<Vec<u8>, Refusal> {
    let options = options(&arguments.screen)?;
    if arguments.format == Format::Pcapng && arguments.output.is_none() && io::stdout().is_terminal() {
        return Err(Refusal::usage(
            "a recording is no text for a terminal: give --output FILE, or send it through a pipe.",
            "录制文件不是给终端看的文本：请用 --output 文件 指定，或送入管道。",
        ));
    }
    if let Some(script) = key_script(arguments)? {
        return keyed(arguments, &options, &script);
    }
    let path = arguments.scene.as_deref();
    let title = path.map_or_else(|| catalog::FIRST_SCENE.to_owned(), title);
    if let Some(path) = path.filter(|path| capture::is_capture(path))
        && matches!(arguments.format, Format::Pkt | Format::Pcapng)
        && let Some(written) = of_replay(arguments, path, &title)?
    {
        return Ok(written);
    }
    let opened = || {
        let opened = open_part(path, SEED, &arguments.part)?;
        let kept = opened.kept.clone();
        let mut run = opened.said();
        play(&mut run, LONGEST);
        Ok((run, kept))
    };
    let played = || opened().map(|(run, _)| run);
    let session = || {
        let replayed =
            path.filter(|path| capture::is_capture(path)).map(|path| replayed(arguments, path)).transpose()?;
        match replayed.flatten() {
            Some(session) => Ok((session, Kept::default())),
            None => opened().map(|(run, kept)| (Session::new(title.as_str(), source(path), run), kept)),
        }
    };
    let staged = || session().map(|opened| stage(arguments, &options, opened));
    Ok(match arguments.format {
        Format::Pcapng => record::recording(&mut played()?).map_err(|error| unrecordable(&title, error.as_ref()))?,
        Format::Svg => {
            let ground = if options.theme.palette == Palette::Light { svg::LIGHT } else { svg::DARK };
            svg::screen(&staged()?.draw(), ground, &title).into_bytes()
        }
        Format::Mermaid => mermaid::diagram(&session()?.0.whole_ladder(options.lang)).into_bytes(),
        Format::Text => text::screen(&staged()?.draw()).into_bytes(),
        Format::Cast => {
            let mut progress = Progress::new(Words::new("filming", "正在摄制"));
            let mut told = |done: usize, of: usize| progress.at(done, Some(of));
            let film = cast::film(&mut staged()?, &title, &mut told);
            film.map_err(|error| unrecordable(&title, &error))?.into_bytes()
        }
        Format::Pkt => match path {
            Some(path) if !capture::is_capture(path) => pkt::script(path)?.into_bytes(),
            _ => return Err(pkt::no_script(&title)),
        },
    })
}

/// A replay as a session that has been played to its end; none where the file is a recording of ours.
fn replayed(arguments: &Arguments, path: &Path) -> Result<Option<Session>, Refusal> {
    let Some((outcome, remark)) = capture::replay(&path.to_string_lossy(), &arguments.part)? else { return Ok(None) };
    if let Some(remark) = remark {
        say(remark.text(lang_of_environment()));
    }
    let mut session = Session::of_replay(outcome);
    play(session.run(), LONGEST);
    Ok(Some(session))
}

/// Where the frames of what is exported come from.
fn source(path: Option<&Path>) -> Source {
    match path {
        Some(path) if capture::is_capture(path) => Source::Replay,
        Some(_) => Source::Script,
        None => Source::Lab,
    }
}

/// A replay as a script, or as a recording that tells of each frame how it relates to the capture; none where the file is a
/// recording of ours that is to be written as the run it is.
fn of_replay(arguments: &Arguments, path: &Path, title: &str) -> Result<Option<Vec<u8>>, Refusal> {
    let Some((outcome, remark)) = capture::replay(&path.to_string_lossy(), &arguments.part)? else { return Ok(None) };
    let lang = lang_of_environment();
    if let Some(remark) = remark {
        say(remark.text(lang));
    }
    let written = if arguments.format == Format::Pkt {
        pkt_replay::script(&outcome, title)?.into_bytes()
    } else {
        pcapng_replay::recording(&outcome, lang).map_err(|error| unrecordable(title, error.as_ref()))?
    };
    Ok(Some(written))
}

/// The keys that are to be pressed, where a film of them was asked for.
fn key_script(arguments: &Arguments) -> Result<Option<Vec<Stroke>>, Refusal> {
    let Some(text) = arguments.keys.as_deref().or(arguments.tour.as_deref()) else { return Ok(None) };
    let text = if arguments.tour.is_some() {
        keys::tour(text).ok_or_else(|| {
            let shown = harmless(text);
            Refusal::usage(
                format!("--tour knows no tour \"{shown}\": there is first-minute."),
                format!("--tour 没有名为“{shown}”的导览：只有 first-minute。"),
            )
        })?
    } else {
        text
    };
    keys::script(text).map(Some)
}

/// A film of keys.
fn keyed(arguments: &Arguments, options: &Options, script: &[Stroke]) -> Result<Vec<u8>, Refusal> {
    let path = arguments.scene.as_deref();
    let session = path.map(|path| catalog::scene(Some(path))).transpose()?;
    let mut app = App::new(catalog::standard(), session, options.ui());
    let takes = keys::play(&mut app, Rect::new(0, 0, arguments.width, arguments.height), script);
    let title = path.map_or_else(|| "sockscope".to_owned(), title);
    match arguments.format {
        Format::Cast => Ok(cast::of_takes(&takes, &title).map_err(|error| unrecordable(&title, &error))?.into_bytes()),
        Format::Svg => {
            let ground = if options.theme.palette == Palette::Light { svg::LIGHT } else { svg::DARK };
            Ok(animated::picture(&takes, ground, &title).into_bytes())
        }
        Format::Pcapng | Format::Mermaid | Format::Text | Format::Pkt => Err(Refusal::usage(
            "keys are filmed: give --format cast, or svg for a picture that moves.",
            "按键只能拍成影片：请用 --format cast，或用 svg 得到会动的图片。",
        )),
    }
}

/// The look that was asked for; what the terminal of the moment can show does not matter to a file.
fn options(arguments: &ScreenArguments) -> Result<Options, Refusal> {
    let mut options = screen::options(arguments)?;
    let palette = if arguments.theme.is_some() { options.theme.palette } else { Palette::Dark };
    options.theme = options.palettes.theme(palette, Depth::True);
    options.ascii = arguments.ascii;
    if !arguments.ascii {
        let named = arguments.lang.as_deref().and_then(Lang::from_tag);
        options.lang = named.unwrap_or_else(lang_of_environment);
    }
    Ok(options)
}

/// The name of a scene as it may be shown.
fn title(path: &Path) -> String {
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    harmless(&name)
}

fn stage(arguments: &Arguments, options: &Options, (session, kept): (Session, Kept)) -> Offscreen {
    let pane = arguments.pane.as_deref().and_then(Pane::from_id);
    let session = session.with_kept(&kept);
    let mut stage = Offscreen::new(session, options, pane, (arguments.width, arguments.height));
    match arguments.step {
        Some(step) => stage.go_to_step(step),
        None if kept.is_empty() => stage.go_to_end(),
        None => {}
    }
    stage
}

fn unrecordable(name: &str, error: &dyn std::error::Error) -> Refusal {
    Refusal::usage(format!("{name} cannot be exported: {error}."), format!("无法导出 {name}：{error}。"))
}

//! `sockscope lesson trace`: the run that a lesson is written for, each step that can be named with its place as `at`, `until`
//! and `step` read it.
//!
//! One step per line: turn, seconds of virtual time, host, place, then two blanks and what happens there. Where a beat stands, a
//! line `▸ beat ID at PLACE` comes behind the step. Without `all` the road is what an author writes about: no start-up, no
//! returns, and of the functions those at the borders of layers and those in which something happens. Promise: every place that
//! is printed reads as a place, and leads to the step beside which it stands.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use lessons::check::road::{Edge, Held, Stop, held, road};
use stack::wire::visible::visible;

use super::lang_of;
use crate::command::output::delivered;
use crate::command::progress::play;
use crate::i18n::Lang;
use crate::lesson::shelf;
use crate::refusal::Refusal;

/// Cells that a place fills before what happens there is told.
const PLACE: usize = 40;
/// Turns that are played.
const LONGEST: usize = 1_000_000;

pub(super) fn trace(name: &str, seed: u64, all: bool, tag: Option<&str>) -> Result<ExitCode, Refusal> {
    let lang = lang_of(tag)?;
    let files = shelf::find(name)?;
    let refused = |problems: &[lessons::Problem]| shelf::refusal(&files.folder, problems);
    let lesson = lessons::load(&files, seed).map_err(|problems| refused(&problems))?;
    let mut run = lesson.open().map_err(|problem| refused(&[problem]))?;
    play(&mut run, LONGEST);
    let (stops, edges) = (road(&mut run), held(&lesson, &mut run));
    let stops: Vec<Stop> = stops.into_iter().filter(|stop| all || stop.is_main).collect();
    delivered(print_all(&stops, &edges, lang))?;
    Ok(ExitCode::SUCCESS)
}

fn print_all(stops: &[Stop], edges: &[Held], lang: Lang) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    let head = match lang {
        Lang::En => "  turn       seconds  host    place",
        Lang::Zh => "    轮            秒  主机    位置",
    };
    writeln!(out, "{head}")?;
    let mut edges = edges.iter().peekable();
    for (index, stop) in stops.iter().enumerate() {
        writeln!(out, "{}", line(stop, lang))?;
        let next = stops.get(index + 1);
        while let Some(edge) = edges.next_if(|edge| {
            let is_before_next = |moment| next.is_none_or(|next| moment < next.moment);
            edge.moment.is_none_or(is_before_next)
        }) {
            writeln!(out, "{}", beat(edge, lang))?;
        }
    }
    out.flush()
}

fn line(stop: &Stop, lang: Lang) -> String {
    let (turn, seconds) = (stop.moment.turn, stop.time as f64 / 1e6);
    let host = stop.host.as_deref().unwrap_or("-");
    let (place, said) = (stop.place.to_string(), stop.said.text(lang));
    let line = format!("{turn:>6}  {seconds:>12.6}  {host:<6}  {place:<PLACE$}  {said}");
    visible(line.trim_end()).into_owned()
}

/// A beat beside the steps: where its run is held, or where it goes.
fn beat(edge: &Held, lang: Lang) -> String {
    let which = match edge.edge {
        Edge::At => "at",
        Edge::Until => "until",
    };
    let place = edge.place.as_ref().map(ToString::to_string);
    let told = match (place, edge.moment, lang) {
        (Some(place), Some(_), _) => place,
        (Some(place), None, Lang::En) => format!("{place}  never reached"),
        (Some(place), None, Lang::Zh) => format!("{place}  运行不到"),
        (None, _, Lang::En) => "- where the beat before has left the run".to_owned(),
        (None, _, Lang::Zh) => "- 上一节拍停下之处".to_owned(),
    };
    visible(&format!("▸ beat {}  {which}  {told}", edge.beat)).into_owned()
}

//! `sockscope captures`: the connections of a capture, as a table for people and as JSON lines for programs.
//!
//! JSON, schema 1, one object per line. First `{"schema":1,"kind":"captures",...}` with `frames`, `connections`, `first_ns` (when the
//! first frame came, nanoseconds since 1970) and `truncated` (why reading ended early, or null); then one
//! `{"kind":"connection",...}` for each, in the order that was asked for, with `number`, `client` and `server` (each `address`, `port`,
//! `frames`, `bytes` on the wire, `data`, `retransmissions`, `reordered`, `gaps`, `gap_bytes`, `zero_windows`, `resets`), `start_ns`
//! (since the first frame), `duration_ns`, `began` (syn, crossed_syns, syn_ack, middle), `ended` (fins, client_fin, server_fin,
//! reset, open), `one_sided`, `copies`; then one `{"kind":"left_out",...}` for each kind of frame that belongs to no connection, with
//! `what` and `frames`. Fields may be added within a schema, never changed.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};

use crate::capture::filter::Filter;
use crate::capture::index::column::{Column, Order};
use crate::capture::index::flow::{Flow, Side};
use crate::capture::index::{Index, Indexing};
use crate::capture::segment::Endpoint;
use crate::capture::source;
use crate::command::output::delivered;
use crate::command::progress::Progress;
use crate::i18n::{Lang, Words, lang_of_environment};
use crate::refusal::{Refusal, say};

const EXAMPLES: &str = "Examples:
  sockscope captures many.pcapng.gz                  every connection, and what belongs to none
  sockscope captures many.pcap port 80 no syn        those that fit, all words at once
  sockscope captures many.pcap 10.8.0.0/16 'bytes > 1M' --sort -bytes
  sockscope captures many.pcap odd                   retransmissions, gaps, zero windows, resets, ...
  tcpdump -w - -c 200 tcp | sockscope captures - --json | jq 'select(.kind == \"connection\").client.address'

Filter words: a number of a connection, port N, an address (10.8.0.1, 10.8.0.1:80, 10.8., 10.8.0.0/16), client or server before
either, syn, middle, crossed, open, closed, reset, retransmissions, reordered, gaps, zero window, one-sided, copies, odd; frames,
bytes, data, duration, start and the counts compared (bytes > 10k, duration < 20ms); no before any of them.

JSON lines, schema 1: first {\"schema\":1,\"kind\":\"captures\"} with frames, connections, first_ns (nanoseconds since 1970), truncated;
then {\"kind\":\"connection\"} with number, client and server (address, port, frames, bytes on the wire, data, retransmissions,
reordered, gaps, gap_bytes, zero_windows, resets), start_ns, duration_ns, began, ended, one_sided, copies; then {\"kind\":\"left_out\"}
with what and frames.";

/// The schema of the JSON lines.
const SCHEMA: u32 = 1;
/// Frames that are read between two looks at the progress.
const SLICE: usize = 50_000;

/// The arguments of `captures`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct Arguments {
    /// A pcap or pcapng file (.gz accepted), or - for standard input
    #[arg(value_name = "FILE")]
    pub file: String,
    /// Which connections: words that must all hold
    #[arg(value_name = "FILTER")]
    pub filter: Vec<String>,
    /// One JSON object per line
    #[arg(long)]
    pub json: bool,
    /// By which column: number, client, server, frames, bytes, data, start, duration, began, ended or oddities; - before it reverses
    #[arg(long, value_name = "COLUMN", allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// en or zh
    #[arg(long, value_name = "LANG", value_parser = crate::command::run::language)]
    pub lang: Option<Lang>,
}

/// Runs the command.
///
/// # Errors
/// The file is no capture, the filter or the column is unknown, or standard output cannot be written.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let lang = arguments.lang.unwrap_or_else(lang_of_environment);
    let filter = Filter::read(&arguments.filter.join(" ")).map_err(|words| Refusal::usage(words.en, words.zh))?;
    let order = arguments.sort.as_deref().map(Order::read).transpose()?.unwrap_or_default();
    let index = read(&arguments.file)?;
    let origin = index.origin_ns();
    let mut flows: Vec<&Flow> = index.flows().iter().filter(|flow| filter.holds(flow, origin)).collect();
    flows.sort_by(|a, b| order.compare(a, b));
    if let Some(damage) = index.damage() {
        say(damage.remark(&arguments.file).text(lang));
    }
    let mut out = BufWriter::new(io::stdout().lock());
    let printed =
        if arguments.json { print_json(&mut out, &index, &flows) } else { print(&mut out, &index, &flows, lang) };
    delivered(printed.and_then(|()| out.flush()))?;
    Ok(ExitCode::SUCCESS)
}

/// The index of a capture, with its progress on a terminal.
fn read(file: &str) -> Result<Index, Refusal> {
    let mut bytes = source::open(file)?;
    let mut indexing = Indexing::open(&mut bytes).map_err(|fault| fault.refusal(file))?;
    let mut progress = Progress::new(Words::new("reading the capture", "正在读取抓包"));
    while indexing.go_on(&mut bytes, SLICE) {
        let octets = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
        let (done, of) = bytes.progress(indexing.position());
        progress.at(octets(done), Some(octets(of)));
    }
    Ok(indexing.into_index())
}

/// The table: every column as wide as what stands in it, numbers at the right.
fn print(out: &mut impl Write, index: &Index, flows: &[&Flow], lang: Lang) -> io::Result<()> {
    let cell = |flow: &Flow, column: Column| column.text(flow, index.origin_ns(), false, lang);
    let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let columns = Column::ALL.map(|column| {
        let heading = width(column.heading().text(lang));
        (column, flows.iter().map(|flow| width(&cell(flow, column))).max().unwrap_or(0).max(heading))
    });
    let mut line = |texts: &dyn Fn(Column) -> String| {
        let mut text = String::new();
        for (column, wide) in columns {
            let cell = texts(column);
            let blanks = " ".repeat(wide.saturating_sub(width(&cell)));
            let (before, after) = if column.is_number() { (blanks, String::new()) } else { (String::new(), blanks) };
            text.push_str(&format!("{before}{cell}{after}  "));
        }
        writeln!(out, "{}", text.trim_end())
    };
    if !flows.is_empty() {
        line(&|column| column.heading().text(lang).to_owned())?;
    }
    for flow in flows {
        line(&|column| cell(flow, column))?;
    }
    if flows.len() < index.flows().len() {
        let (shown, all) = (flows.len(), index.flows().len());
        writeln!(
            out,
            "{}",
            Words::new(format!("{shown} of {all} connections"), format!("{all} 个连接中的 {shown} 个")).text(lang)
        )?;
    }
    for (kind, count) in index.others() {
        let (en, zh) = (kind.words().en, kind.words().zh);
        writeln!(out, "{}", Words::new(format!("left out: {count} {en}"), format!("未计入：{count} {zh}")).text(lang))?;
    }
    if index.frames() == 0 {
        writeln!(out, "{}", Words::new("no frame", "没有帧").text(lang))?;
    }
    Ok(())
}

fn print_json(out: &mut impl Write, index: &Index, flows: &[&Flow]) -> io::Result<()> {
    let head = json!({
        "schema": SCHEMA,
        "kind": "captures",
        "frames": index.frames(),
        "connections": index.flows().len(),
        "first_ns": index.origin_ns(),
        "truncated": index.damage().map(|damage| damage.sentence().0),
    });
    writeln!(out, "{head}")?;
    for flow in flows {
        writeln!(out, "{}", connection(flow, index.origin_ns()))?;
    }
    for (kind, frames) in index.others() {
        writeln!(out, "{}", json!({ "kind": "left_out", "what": kind.words().en, "frames": frames }))?;
    }
    Ok(())
}

fn connection(flow: &Flow, origin_ns: u64) -> Value {
    json!({
        "kind": "connection",
        "number": flow.number,
        "client": end(flow.client, &flow.from_client),
        "server": end(flow.server, &flow.from_server),
        "start_ns": flow.start_ns.saturating_sub(origin_ns),
        "duration_ns": flow.duration_ns(),
        "began": flow.began.name(),
        "ended": flow.ended().name(),
        "one_sided": flow.is_one_sided(),
        "copies": flow.copies,
    })
}

fn end(end: Endpoint, side: &Side) -> Value {
    json!({
        "address": end.address.to_string(),
        "port": end.port,
        "frames": side.frames,
        "bytes": side.bytes,
        "data": side.data,
        "retransmissions": side.retransmissions,
        "reordered": side.reordered,
        "gaps": side.coverage.gaps(),
        "gap_bytes": side.coverage.gap_bytes(),
        "zero_windows": side.zero_windows,
        "resets": side.resets,
    })
}

//! The race: which peers, how many rounds, and the table of paired ratios.

use std::collections::BTreeMap;
use std::process::{Command, ExitCode};

use clap::Parser;

use crate::ring;

/// Races two peers over TAP devices.
#[derive(Debug, Parser)]
pub(crate) struct Arguments {
    /// The command of peer A, to which B is compared; `{tap}` stands for the name of its device
    #[arg(long)]
    a: Option<String>,
    /// The command of peer B
    #[arg(long)]
    b: Option<String>,
    /// Rounds of A, B, A
    #[arg(long, default_value_t = 7)]
    rounds: u32,
    /// The peer on one processor, the client on another
    #[arg(long)]
    pub(crate) pin: bool,
    /// How long data is sent and received, each
    #[arg(long, default_value_t = 1.0)]
    pub(crate) seconds: f64,
    /// How the client avoids congestion; many machines say `bbr`, which paces a sender and makes peers look alike
    #[arg(long, default_value = "reno")]
    pub(crate) congestion: String,
    /// Which work: discard, chargen, echo, http, ping
    #[arg(long, value_delimiter = ',', default_value = "discard,chargen,echo,http,ping")]
    pub(crate) work: Vec<String>,
    /// Inside the namespace of one peer: run it, measure, print (used by the race itself)
    #[arg(long, hide = true)]
    pub(crate) inside: Option<String>,
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

/// Figures of one run of a peer by name.
type Figures = BTreeMap<String, f64>;

/// Runs the race, or one ring of it.
pub(crate) fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match &arguments.inside {
        Some(peer) => ring::run(peer, &arguments),
        None => race(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("live_race: {message}");
            ExitCode::FAILURE
        }
    }
}

fn race(arguments: &Arguments) -> Result<(), String> {
    let (Some(a), Some(b)) = (&arguments.a, &arguments.b) else {
        println!("live_race: nothing to race; give --a and --b (see --help)");
        return Ok(());
    };
    let mut rounds = Vec::new();
    for round in 1..=arguments.rounds {
        let runs = [a, b, a].map(|peer| one(peer, arguments));
        let [first, other, second] = runs;
        rounds.push([first?, other?, second?]);
        eprintln!("round {round} of {} done", arguments.rounds);
    }
    print(&rounds);
    Ok(())
}

/// One run of a peer in a namespace of its own.
fn one(peer: &str, arguments: &Arguments) -> Result<Figures, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new("unshare");
    if !rustix::process::geteuid().is_root() {
        command.args(["--user", "--map-root-user"]);
    }
    command.args(["--net", "--"]).arg(own).arg("--inside").arg(peer);
    command.arg("--seconds").arg(arguments.seconds.to_string()).arg("--work").arg(arguments.work.join(","));
    command.arg("--congestion").arg(&arguments.congestion);
    if arguments.pin {
        command.arg("--pin");
    }
    let output = command.output().map_err(|error| format!("unshare: {error}"))?;
    if !output.status.success() {
        return Err(format!("{peer}: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let figures = text.lines().filter_map(|line| {
        let (name, value) = line.split_once('\t')?;
        Some((name.to_owned(), value.parse().ok()?))
    });
    Ok(figures.collect())
}

fn print(rounds: &[[Figures; 3]]) {
    println!("{:<28} {:>10} {:>10}   {:<24} A/A", "work", "A", "B", "B/A (least .. most)");
    let Some(first) = rounds.first().and_then(|round| round.first()) else { return };
    for name in first.keys() {
        let of = |figures: &Figures| figures.get(name).copied().unwrap_or(f64::NAN);
        let column = |pick: fn([f64; 3]) -> f64| -> Vec<f64> {
            let mut values: Vec<f64> = rounds.iter().map(|round| pick(round.each_ref().map(of))).collect();
            values.sort_by(f64::total_cmp);
            values
        };
        let a = median(&column(|[first, _, second]| f64::midpoint(first, second)));
        let b = median(&column(|[_, b, _]| b));
        let ratios = column(|[first, b, second]| b / f64::midpoint(first, second));
        let same = median(&column(|[first, _, second]| second / first));
        let (least, most) = (ratios.first().copied().unwrap_or(0.0), ratios.last().copied().unwrap_or(0.0));
        let shown = format!("{:.2} ({least:.2} .. {most:.2})", median(&ratios));
        println!("{name:<28} {a:>10.2} {b:>10.2}   {shown:<24} {same:.2}");
    }
}

/// The middle of sorted values.
fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

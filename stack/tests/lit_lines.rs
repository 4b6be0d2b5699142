//! The line that is lit is the statement that did it: on every golden script and every scene of the assets, the source
//! text at `Film::line_at` of a step holds what the step tells of.

mod scenes;

use std::fs;
use std::path::Path;

use scenes::scripts;
use stack::kernel::probe::{Event, KFn};
use stack::lab::conformance::Reading;
use stack::lab::film::Film;
use stack::lab::run::Run;
use stack::lab::scene;
use stack::lab::script::parse;
use stack::source;

const LONGEST: usize = 20_000;
/// Films of a run that are looked at, spread over it.
const FILMS: usize = 12;

/// Words of which a lit line must hold one; none for events that any statement may bring about.
fn words(event: &Event) -> &'static [&'static str] {
    match event {
        Event::State { .. } => &["store_state("],
        Event::NewSock { .. } => &["insert_sock("],
        Event::Inuse { .. } => &["set_inuse("],
        Event::TimerSet { .. } => &["add_timer("],
        Event::AddTimer { .. } => &["enlist("],
        Event::TimerFire { .. } => &["(timer.function.call)("],
        Event::Enqueue { .. } => &[".push_front(", ".push_back(", "insert_beside("],
        Event::Dequeue { .. } => &["skb_dequeue("],
        Event::Sleep { .. } => &["switch_away("],
        Event::WakeUp { .. } => &["wake_up_process("],
        Event::FrameOut { .. } => &["outbox.push("],
        Event::LoFrame { .. } => &["dev_rint("],
        Event::FrameIn { .. } => &["card_interrupt("],
        Event::Signal { .. } => &["send_sig("],
        Event::IrqEnter { .. } | Event::IrqExit { .. } => {
            &["irq_window(", "sti(", "restore_flags(", "take_held(", "memcpy_tofs(", "memcpy_fromfs("]
        }
        _ => &[],
    }
}

/// The text of a line of an embedded source.
fn line_of(place: (&str, u32)) -> &'static str {
    source::text(place.0).and_then(|text| text.lines().nth(place.1 as usize - 1)).expect("a lit line is embedded")
}

/// What is wrong with the line lit at a step; None if nothing is.
fn complaint(film: &Film, step: usize) -> Option<String> {
    let event = &film.steps[step - 1].event;
    let function = film.function_at(step)?;
    let Some(place) = film.line_at(step) else { return Some(format!("{event:?}: no line")) };
    let text = line_of(place);
    let called = |callee: &KFn| text.contains(callee.name);
    let right = match event {
        Event::Enter { .. } => text.contains(&format!("fn {}(", function.name)),
        Event::Exit { .. } if place == (function.rust_file, function.last_line) => text == "}",
        Event::Exit { value, .. } => {
            let passed_on = |film_step: &Event| matches!(film_step, Event::Exit { value: inner, function } if inner == value && called(function));
            text.contains("return") || passed_on(&film.steps[step - 2].event)
        }
        _ => words(event).is_empty() || words(event).iter().any(|word| text.contains(word)),
    };
    let folded = source::marks(place.0).iter().any(|mark| (mark.first..=mark.last).contains(&place.1));
    (!right || folded).then(|| format!("{event:?} lights {}:{}: {text}", place.0, place.1))
}

/// Whether the place of a call is the line that calls; a call through a pointer knows none, and has the callee's head.
fn misplaced_call(film: &Film, index: usize) -> Option<String> {
    let film_step = &film.steps[index];
    let Event::Enter { function, .. } = film_step.event else { return None };
    let (file, line) = (film_step.place.file(), film_step.place.line());
    let own = file == function.rust_file && (function.line - 1..=function.last_line).contains(&line);
    let text = source::text(file)?.lines().nth(line as usize - 1)?;
    (!own && !text.contains(function.name)).then(|| format!("{} is called at {file}:{line}: {text}", function.name))
}

/// Films of a run, spread over it.
fn films(run: &mut Run) -> Vec<Film> {
    run.play(LONGEST);
    let stride = (run.turns.len() / FILMS).max(1);
    (0..run.turns.len()).step_by(stride).map(|turn| Film::clone(&run.film(turn))).collect()
}

fn load(path: &Path) -> Run {
    let text = fs::read_to_string(path).expect("a script is readable");
    scene::load_as(&parse(&text).expect("a golden script parses"), Reading::Recorded, 1)
        .expect("a golden script can be run")
}

/// Steps of a film that are looked at: all of a short one.
fn sample(film: &Film) -> impl Iterator<Item = usize> {
    let stride = film.steps.len() / 400 + 1;
    (1..=film.steps.len()).step_by(stride)
}

#[test]
fn the_lit_line_is_the_statement_that_did_it() {
    let (mut told, mut looked_at) = (0, 0);
    for path in scripts() {
        for film in films(&mut load(&path)) {
            for step in sample(&film) {
                looked_at += 1;
                told += usize::from(!words(&film.steps[step - 1].event).is_empty());
                let wrong = complaint(&film, step).or_else(|| misplaced_call(&film, step - 1));
                assert!(wrong.is_none(), "{}: step {step}: {}", path.display(), wrong.unwrap_or_default());
            }
        }
    }
    assert!(looked_at > 20_000 && told > 2_000, "{told} of {looked_at} steps tell of a statement");
}

#[test]
fn a_place_that_is_off_by_a_step_is_seen() {
    let mut run = scene::first(7).expect("the first scene loads");
    let mut kinds = std::collections::BTreeSet::new();
    for mut film in films(&mut run) {
        for index in (1..film.steps.len()).rev() {
            film.steps[index].place = film.steps[index - 1].place;
        }
        let wrong = (1..=film.steps.len()).filter(|step| complaint(&film, *step).is_some());
        kinds.extend(
            wrong.map(|step| std::mem::discriminant(&film.steps[step - 1].event)).map(|kind| format!("{kind:?}")),
        );
    }
    assert!(kinds.len() >= 6, "only steps of the kinds {kinds:?} were seen to be wrong");
}

//! Movements are twins: from every stop of its kind, forward and then back is where one was, and back and then forward
//! too; every one of three scenes, for every movement.

mod scenes;

use std::collections::BTreeSet;

use scenes::{LONGEST, golden};
use stack::kernel::probe::Event;
use stack::lab::film::Film;
use stack::lab::movement::{Direction, Movement};
use stack::lab::run::{Moment, Run};
use stack::lab::scene;
use stack::lab::script::parse;

use Direction::{Backward, Forward};

/// A handshake, three bytes and their echo between two hosts that can be gone through step by step.
const ECHO: &str = "//@ host A 10.0.0.1/8 02:00:00:00:00:01\n\
//@ host B 10.0.0.2/8 02:00:00:00:00:02\n\
//@ program B echo 7\n\
+0.1 `true`\n\
//@ program A client 10.0.0.2 7 abc\n\
+0.5 `true`\n";

fn runs() -> Vec<(&'static str, Run)> {
    let mut echo = scene::load(&parse(ECHO).unwrap(), 1).unwrap();
    echo.play(LONGEST);
    vec![
        ("echo", echo),
        ("back_log/read_three_segments", golden("back_log/read_three_segments")),
        ("active_open/plain", golden("active_open/plain")),
    ]
}

/// A run that remembers no way: as if one had come from elsewhere.
fn forget_the_way(run: &mut Run) {
    // Two movements that do not belong together leave nothing of what was before them.
    for turn in [0, run.turns.len() - 1] {
        let _ = run.moved(Moment { turn, step: 1 }, Movement::Over, Forward);
    }
}

fn stops(run: &mut Run, movement: Movement) -> Vec<Moment> {
    let kind = match movement {
        Movement::Over | Movement::Out => Movement::Into,
        other => other,
    };
    let mut at = Moment::default();
    let mut stops = Vec::new();
    while let Some(next) = run.moved(at, kind, Forward) {
        assert!(next > at);
        stops.push(next);
        at = next;
    }
    stops
}

#[test]
fn forward_and_back_is_where_one_was_and_back_and_forward_too() {
    for (name, mut run) in runs() {
        for movement in Movement::ALL {
            let all = stops(&mut run, movement);
            assert!(all.len() > 1 || movement == Movement::Timer, "{name}: {movement:?} has {} stops", all.len());
            for at in &all {
                for (way, back) in [(Forward, Backward), (Backward, Forward)] {
                    forget_the_way(&mut run);
                    let Some(there) = run.moved(*at, movement, way) else { continue };
                    assert_eq!(there > *at, way == Forward, "{name}: {movement:?} {way:?} from {at:?} to {there:?}");
                    let returned = run.moved(there, movement, back);
                    assert_eq!(returned, Some(*at), "{name}: {movement:?} {way:?} to {there:?} and back");
                }
            }
        }
    }
}

#[test]
fn a_way_of_many_movements_is_gone_back_step_by_step() {
    for (name, mut run) in runs() {
        for movement in [Movement::Over, Movement::Out] {
            let starts = stops(&mut run, Movement::Into);
            for start in starts.iter().step_by(starts.len() / 12) {
                for (way, back) in [(Forward, Backward), (Backward, Forward)] {
                    let mut went = vec![*start];
                    while went.len() < 30
                        && let Some(next) = run.moved(went[went.len() - 1], movement, way)
                    {
                        went.push(next);
                    }
                    while let Some(at) = went.pop()
                        && let Some(before) = went.last()
                    {
                        assert_eq!(
                            run.moved(at, movement, back),
                            Some(*before),
                            "{name}: {movement:?} back from {at:?}"
                        );
                    }
                }
            }
        }
    }
}

/// To what a step belongs: the entry of its function, and that of its caller; of an exit those of the function that ends.
type Belonging = (Option<usize>, Option<usize>);

fn activations(film: &Film) -> Vec<Belonging> {
    let mut stack = Vec::new();
    let mut all = vec![(None, None)];
    for (index, step) in film.steps.iter().enumerate() {
        if matches!(step.event, Event::Enter { .. }) {
            stack.push(index + 1);
        }
        all.push((stack.last().copied(), stack.iter().rev().nth(1).copied()));
        if matches!(step.event, Event::Exit { .. }) {
            stack.pop();
        }
    }
    all
}

#[test]
fn over_stays_in_its_function_and_then_in_its_caller() {
    for (name, mut run) in runs() {
        for at in stops(&mut run, Movement::Into) {
            let film = run.film(at.turn);
            let activations = activations(&film);
            let (own, caller) = activations[at.step];
            let ends = matches!(film.steps[at.step - 1].event, Event::Exit { .. });
            forget_the_way(&mut run);
            let Some(next) = run.moved(at, Movement::Over, Forward) else { continue };
            let wanted = if ends { caller } else { own };
            if next.turn == at.turn && wanted.is_some() {
                assert_eq!(activations[next.step].0, wanted, "{name}: over from {at:?} to {next:?}");
            }
            let between = at.step + 1..if next.turn == at.turn { next.step } else { film.steps.len() + 1 };
            let line = |step: usize| {
                matches!(
                    film.steps[step - 1].event,
                    Event::Enter { .. } | Event::Exit { .. } | Event::Note { .. } | Event::Discard { .. }
                )
            };
            let passed = between.clone().find(|step| line(*step) && wanted.is_some() && activations[*step].0 == wanted);
            assert_eq!(passed, None, "{name}: over from {at:?} to {next:?} leaves out a step");
        }
    }
}

#[test]
fn out_leads_behind_the_return_and_before_the_call() {
    for (name, mut run) in runs() {
        for at in stops(&mut run, Movement::Into) {
            let film = run.film(at.turn);
            let activations = activations(&film);
            let (own @ Some(first), Some(caller)) = activations[at.step] else { continue };
            let last = (1..=film.steps.len()).rfind(|step| activations[*step].0 == own).unwrap();
            for (way, beyond) in [(Forward, last), (Backward, first)] {
                forget_the_way(&mut run);
                let there = run.moved(at, Movement::Out, way).unwrap();
                assert_eq!(there.turn, at.turn, "{name}: out {way:?} of {at:?}");
                assert_eq!(activations[there.step].0, Some(caller), "{name}: out {way:?} of {at:?} to {there:?}");
                assert_eq!(there.step > beyond, way == Forward, "{name}: out {way:?} of {at:?} to {there:?}");
            }
        }
    }
}

#[test]
fn moments_of_births_are_stops_and_births_are_told() {
    let mut run = golden("passive_open/accept_blocking");
    let children: Vec<_> = run.states.iter().filter(|state| state.parent.is_some()).cloned().collect();
    let states = stops(&mut run, Movement::State).into_iter().collect::<BTreeSet<_>>();
    for child in &children {
        assert!(states.contains(&child.moment));
        let birth = run.film(child.moment.turn).birth_at(child.moment.step).expect("the film knows the birth too");
        assert_eq!((Some(birth.sk.serial()), birth.state), (Some(child.sk), child.new));
        assert_eq!(birth.parent.map(stack::include::arena::Id::serial), child.parent);
    }
    assert_eq!(children[0].to_string(), "sk#4: born in SYN_RECV from sk#2");
    for state in run.states.clone().iter().filter(|state| !state.is_birth()) {
        assert_eq!(run.film(state.moment.turn).birth_at(state.moment.step), None, "{state}");
    }
}

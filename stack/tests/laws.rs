//! The laws of time travel, on every golden script and every scene of the assets: seek equals a straight run,
//! forward and then back is the identity, observing changes nothing, the same seed gives the same hash, and every
//! sk_buff is accounted for. The last test breaks a field on purpose and must see the laws fail.

use std::fs;
use std::path::{Path, PathBuf};

use stack::Kernel;
use stack::include::skbuff::ListId;
use stack::lab::movement::{Direction, Movement};
use stack::lab::run::{Moment, Run};
use stack::lab::scene;
use stack::lab::script::parse;

const LONGEST: usize = 20_000;

fn scripts() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = ["tests/golden", "../assets/scenes"].map(|folder| here.join(folder)).to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the golden files stand beside the tests").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "pkt") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(found.len() > 150, "only {} scripts found", found.len());
    found
}

fn load(path: &Path) -> Run {
    let text = fs::read_to_string(path).expect("a script is readable");
    let script = parse(&text).expect("a golden script parses");
    scene::load(&script, 1).expect("a golden script can be run")
}

/// A handful of turns of a run, spread over it.
fn sample(turns: usize) -> Vec<usize> {
    let stride = (turns / 12).max(1);
    (0..turns).step_by(stride).chain(turns.checked_sub(1)).collect()
}

fn law_seek_is_run(name: &str, run: &mut Run) {
    let turns = run.reel.len();
    let mut straight = Run::new(run.before(0), run.journal.clone());
    let mut worlds = Vec::new();
    for _ in 0..turns {
        worlds.push(straight.head().fingerprint());
        assert!(straight.advance(), "{name}: the straight run ends early");
    }
    for turn in sample(turns).into_iter().rev() {
        assert_eq!(
            run.before(turn).fingerprint(),
            worlds[turn],
            "{name}: seeking turn {turn} differs from running to it"
        );
    }
    let end = run.end();
    assert_eq!(run.seek(end).world.fingerprint(), straight.head().fingerprint(), "{name}: the end differs");
}

fn law_steps_agree(name: &str, run: &mut Run) {
    for turn in sample(run.reel.len()) {
        let steps = run.steps(turn);
        assert_eq!(run.film(turn).steps.len(), steps, "{name}: turn {turn} has another number of steps when filmed");
        for step in [0, steps / 3, steps / 2, steps] {
            let once = run.seek(Moment { turn, step }).world.fingerprint();
            let again = run.seek(Moment { turn, step }).world.fingerprint();
            assert_eq!(once, again, "{name}: step {step} of turn {turn} is not the same twice");
        }
    }
}

fn law_back_is_forward(name: &str, run: &mut Run) {
    for movement in [Movement::Micro, Movement::Into, Movement::Turn, Movement::Frame, Movement::State, Movement::Timer]
    {
        let mut at = Moment::default();
        let mut previous = None;
        for _ in 0..60 {
            let Some(next) = run.moved(at, movement, Direction::Forward) else { break };
            assert!(next > at, "{name}: {movement:?} does not go forward from {at:?}");
            if previous.is_some() {
                let back = run.moved(next, movement, Direction::Backward);
                assert_eq!(back, Some(at), "{name}: {movement:?} forward from {at:?} to {next:?} and back");
            }
            previous = Some(at);
            at = next;
        }
    }
}

fn law_every_skb_is_accounted_for(name: &str, k: &Kernel) {
    let mut held: Vec<u32> = Vec::new();
    let mut hold = |list: ListId| held.extend(k.list(list).into_iter().flatten().map(|skb| skb.serial()));
    hold(ListId::Backlog);
    for (sk, _) in k.sock.iter() {
        for list in [ListId::Receive(sk), ListId::Write(sk), ListId::BackLog(sk)] {
            hold(list);
        }
    }
    for dev in 0..k.dev.len() {
        for priority in 0..3 {
            hold(ListId::Device(stack::include::netdevice::DevId(dev as u8), priority));
        }
    }
    for (entry, _) in k.arp.iter() {
        hold(ListId::Arp(entry));
    }
    for (sk, sock) in k.sock.iter() {
        held.extend(stack::view::queue::send_queue(k, sk).iter().map(|skb| skb.serial()));
        held.extend(sock.partial.map(stack::include::arena::Id::serial));
    }
    for (_, queue) in k.ipq.iter() {
        held.extend(queue.fragments.iter().map(|fragment| fragment.skb.serial()));
    }
    held.sort_unstable();
    held.dedup();
    let mut alive: Vec<u32> = k.skb.iter().map(|(skb, _)| skb.serial()).collect();
    alive.sort_unstable();
    let lost: Vec<&u32> = alive.iter().filter(|skb| held.binary_search(skb).is_err()).collect();
    assert!(lost.is_empty(), "{name}: buffers {lost:?} stand on no list");
    let dangling: Vec<&u32> = held.iter().filter(|skb| alive.binary_search(skb).is_err()).collect();
    assert!(dangling.is_empty(), "{name}: lists hold freed buffers {dangling:?}");
    assert_eq!(k.net_skbcount as usize, alive.len(), "{name}: net_skbcount");
}

fn laws(name: &str, run: &mut Run) {
    run.play(LONGEST);
    law_seek_is_run(name, run);
    law_steps_agree(name, run);
    law_back_is_forward(name, run);
    let dead = run.head().hosts.iter().any(|host| host.kernel.oops.is_some());
    if !dead {
        for host in &run.head().hosts {
            law_every_skb_is_accounted_for(name, &host.kernel);
        }
    }
}

#[test]
fn every_script_obeys_the_laws() {
    for path in scripts() {
        laws(&path.display().to_string(), &mut load(&path));
    }
}

#[test]
fn the_first_scene_obeys_the_laws_and_is_the_same_for_the_same_seed() {
    let mut run = scene::first(7).expect("the first scene loads");
    laws("first scene", &mut run);
    assert!(run.reel.len() > 20, "nothing happens in the first scene");
    let mut again = scene::first(7).expect("the first scene loads");
    again.play(LONGEST);
    assert_eq!(run.head().fingerprint(), again.head().fingerprint());
    let mut other = scene::first(8).expect("the first scene loads");
    other.play(LONGEST);
    assert_ne!(run.head().fingerprint(), other.head().fingerprint(), "another seed, another run");
}

#[test]
fn observing_changes_nothing() {
    let mut watched = scene::first(3).expect("the first scene loads");
    watched.play(LONGEST);
    let mut world = watched.before(0);
    let mut turns = 0;
    while world.turn(&watched.journal, |_| {}).is_some() {
        turns += 1;
    }
    assert_eq!(turns, watched.reel.len());
    assert_eq!(world.fingerprint(), watched.head().fingerprint());
}

#[test]
fn a_broken_field_breaks_the_law() {
    let mut run = scene::first(5).expect("the first scene loads");
    run.play(LONGEST);
    let mut world = run.head().clone();
    let healthy = world.fingerprint();
    world.hosts[0].kernel.ip_id_count = world.hosts[0].kernel.ip_id_count.wrapping_add(1);
    assert_ne!(world.fingerprint(), healthy, "a law that compares fingerprints must see a changed field");
}

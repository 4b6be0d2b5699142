//! The laws of time travel, on every golden script and every scene of the assets: seek equals a straight run,
//! forward and then back is the identity, observing changes nothing, the same seed gives the same hash, all hosts show one
//! time, a sock is born in a state, frames have numbers, and every sk_buff is accounted for. The last test breaks a field on purpose and must see the laws fail.

mod scenes;

use scenes::{LONGEST, load, sample, script, scripts};
use stack::Kernel;
use stack::include::seq::TICK;
use stack::include::skbuff::ListId;
use stack::lab::conformance::frames::compare;
use stack::lab::conformance::{Reading, WireFrame, run_script};
use stack::lab::movement::{Direction, Movement};
use stack::lab::run::{Entry, Moment, Run};
use stack::lab::scene;
use stack::lab::script::Script;
use stack::lab::world::{Cause, Medium, World};
use stack::net::inet::sock_array::walk;

/// A world as it is shown: its clocks brought to the same jiffy.
fn shown(mut world: World, run: &Run) -> u64 {
    world.level(run.turns.last().and_then(Entry::host));
    world.fingerprint()
}

fn law_seek_is_run(name: &str, run: &mut Run) {
    let turns = run.turns.len();
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
    let head = straight.head().clone();
    assert_eq!(run.seek(end).world.fingerprint(), shown(head, &straight), "{name}: the end differs");
}

fn law_steps_agree(name: &str, run: &mut Run) {
    for turn in sample(run.turns.len()) {
        let steps = run.steps(turn);
        assert_eq!(run.film(turn).steps.len(), steps, "{name}: turn {turn} has another number of steps when filmed");
        for step in [0, steps / 3, steps / 2, steps] {
            let once = run.seek(Moment { turn, step }).world.fingerprint();
            let again = run.seek(Moment { turn, step }).world.fingerprint();
            assert_eq!(once, again, "{name}: step {step} of turn {turn} is not the same twice");
        }
    }
}

/// All machines that live show the same time, whichever of them acts.
fn law_one_now(name: &str, run: &mut Run) {
    for turn in sample(run.turns.len()) {
        let steps = run.steps(turn);
        for step in [0, 1, steps / 2, steps] {
            let snapshot = run.seek(Moment { turn, step });
            let living = snapshot.world.hosts.iter().filter(|host| host.kernel.oops.is_none());
            let mut clocks: Vec<u32> = living.map(|host| host.kernel.jiffies.0).collect();
            clocks.dedup();
            assert!(clocks.len() <= 1, "{name}: step {step} of turn {turn} shows the jiffies {clocks:?}");
            // The first steps of a tick are those of the clock's interrupt, before it has counted.
            let tick = run.turns[turn].cause == Cause::Tick;
            let now = snapshot.world.clock / TICK - u64::from(tick);
            assert!(clocks.iter().all(|clock| u64::from(*clock) >= now), "{name}: {clocks:?} at jiffy {now}");
        }
    }
}

/// A sock is born once, and every change begins with the state that it had.
fn law_states_follow_each_other(name: &str, run: &Run) {
    let mut states = std::collections::BTreeMap::new();
    for record in &run.states {
        let before = states.insert((record.host, record.sk), record.new);
        assert_eq!(before, record.old, "{name}: {record}");
        assert!(record.parent.is_none() || record.is_birth(), "{name}: {record}");
    }
}

fn law_frames_are_numbered(name: &str, run: &Run) {
    for (index, record) in run.frames.iter().enumerate() {
        assert_eq!(record.sent.number, index as u64 + 1, "{name}: the number of a frame is its place");
    }
    assert!(run.frames.is_sorted_by_key(|record| record.moment), "{name}: the frames are not in order");
}

/// The frames of both directions are those that the script's own run has recorded, which are those of the golden wire
/// (`app/tests/golden.rs`): also where they arrive by an interrupt inside a call.
fn law_frames_are_the_wire(name: &str, run: &Run, script: &Script) {
    let recorded = run_script(script, Reading::Recorded).expect("a golden script can be run").frames;
    let frames: Vec<WireFrame> = run
        .frames
        .iter()
        .map(|record| WireFrame {
            jiffy: (record.time / TICK) as i64,
            device: format!("eth{}", record.sent.dev - 1),
            outbound: !record.from_outside,
            bytes: record.sent.bytes.clone(),
        })
        .collect();
    let difference = compare(&recorded, &frames);
    assert!(difference.is_none(), "{name}: the frames of the run are not those of the wire: {difference:?}");
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

/// What stands in a chain of a port table stands there once, behind the one before it; what stands in none leads nowhere.
fn law_chains_lead_back(name: &str, k: &Kernel) {
    for proto in &k.protos {
        let mut standing = 0;
        for head in &proto.sock_array {
            let mut before = None;
            for (sk, sock) in walk(k, *head) {
                assert_eq!(sock.prev, before, "{name}: sk#{} stands behind another", sk.serial());
                before = Some(sk);
                standing += 1;
            }
        }
        assert_eq!(proto.inuse, standing, "{name}: socks in use");
    }
}

fn laws(name: &str, run: &mut Run) {
    run.play(LONGEST);
    law_seek_is_run(name, run);
    law_steps_agree(name, run);
    law_back_is_forward(name, run);
    law_one_now(name, run);
    law_states_follow_each_other(name, run);
    law_frames_are_numbered(name, run);
    let dead = run.head().hosts.iter().any(|host| host.kernel.oops.is_some());
    if !dead {
        for host in &run.head().hosts {
            law_every_skb_is_accounted_for(name, &host.kernel);
        }
    }
    for host in &run.head().hosts {
        law_chains_lead_back(name, &host.kernel);
    }
}

#[test]
fn every_script_obeys_the_laws() {
    for path in scripts() {
        let (name, mut run) = (path.display().to_string(), load(&path));
        laws(&name, &mut run);
        if run.head().medium == Medium::Outside {
            law_frames_are_the_wire(&name, &run, &script(&path));
        }
    }
}

#[test]
fn the_first_scene_obeys_the_laws_and_is_the_same_for_the_same_seed() {
    let mut run = scene::first(7).expect("the first scene loads");
    laws("first scene", &mut run);
    assert!(run.turns.len() > 20, "nothing happens in the first scene");
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
    assert_eq!(turns, watched.turns.len());
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

#[test]
fn the_other_host_ages_while_one_acts() {
    let mut run = scene::first(1).expect("the first scene loads");
    run.play(LONGEST);
    let clock = |world: &World, host: usize| world.hosts[host].kernel.jiffies.0;
    let turns = 1..run.turns.len();
    let far =
        turns.max_by_key(|turn| run.before(*turn).hosts[0].kernel.jiffies.0.abs_diff(clock(&run.before(*turn), 1)));
    let turn = far.expect("the scene has turns");
    let before = run.before(turn);
    let behind = usize::from(clock(&before, 0) > clock(&before, 1));
    assert!(clock(&before, 1 - behind) - clock(&before, behind) > 10, "in the run itself a clock stands");
    let snapshot = run.seek(Moment { turn: turn - 1, step: run.steps(turn - 1) });
    assert_eq!(u64::from(clock(&snapshot.world, behind)), snapshot.world.clock / TICK);
    let table = stack::view::arp::ArpTableView::of(&snapshot.world.hosts[behind].kernel);
    let used = before.hosts[behind].kernel.arp.iter().map(|(_, entry)| entry.last_used.0).next();
    let idle = table.entries.first().map(|entry| entry.idle);
    assert_eq!(idle.zip(used).map(|(idle, used)| u64::from(idle + used)), Some(snapshot.world.clock / TICK));
}

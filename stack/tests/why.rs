//! Why: the last link of every chain is an input, links go back in time, nothing moves the run, no question panics; and on
//! scenes where the right answer is known beforehand, each question gives it.

mod scenes;

use std::path::Path;

use proptest::prelude::*;
use scenes::{golden, load, scripts};
use stack::include::in_addr::InAddr;
use stack::include::sched::TaskState;
use stack::kernel::probe::TimerRole;
use stack::lab::run::{Moment, Run};
use stack::lab::scene;
use stack::lab::script::parse;
use stack::lab::why::{Answer, Input, Inquiry, Kind, Link, Progress, Question, TimerKey, ask};
use stack::link::wire::Fate;
use stack::view::sock::{SockView, ids};

fn first() -> Run {
    let mut run = scene::first(1).unwrap();
    run.play(100_000);
    run
}

fn asset(name: &str) -> Run {
    let mut run = load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/scenes").join(name));
    run.play(scenes::LONGEST);
    run
}

fn written(text: &str) -> Run {
    let mut run = scene::load(&parse(text).unwrap(), 1).unwrap();
    run.play(100_000);
    run
}

fn field(run: &mut Run, sk: u32, name: &str, host: usize, at: Moment) -> Answer {
    ask(run, Question::Field { host, sk, field: SockView::reader(name).unwrap() }, at)
}

/// Every link, those that are folded too.
fn each(links: &[Link]) -> Vec<&Link> {
    links.iter().flat_map(|link| std::iter::once(link).chain(each(&link.inner))).collect()
}

/// The laws that hold for every answer.
fn check(run: &Run, answer: &Answer) {
    let asked = &answer.question.en;
    assert!(answer.ends_at().is_some(), "{asked} ends at no input: {:#?}", answer.links);
    for text in [&answer.question, &answer.verdict] {
        assert!(!text.en.is_empty() && !text.zh.is_empty(), "{asked}: {text:?}");
        assert_ne!(text.en, text.zh);
    }
    for link in each(&answer.links) {
        assert!(link.moment <= run.end().max(Moment { turn: run.turns.len(), step: 0 }), "{asked}: {link:?}");
        assert!(!link.text.en.is_empty() && link.text.en != link.text.zh, "{asked}: {link:?}");
        assert!(!link.text.en.chars().any(char::is_control), "{asked}: {link:?}");
    }
}

/// A chain that follows causes only goes back.
fn goes_back(answer: &Answer) {
    let inputs: Vec<Moment> = answer.links.iter().filter(|link| link.input.is_some()).map(|link| link.moment).collect();
    assert!(inputs.is_sorted_by(|later, earlier| later > earlier), "{}: {inputs:?}", answer.question.en);
}

fn some_runs() -> Vec<Run> {
    let mut runs = vec![first()];
    let names = [
        "back_log/read_data",
        "back_log/loopback_write",
        "active_open/timeout",
        "close/simultaneous_close",
        "data/zero_window",
    ];
    for path in scripts().iter().filter(|path| names.iter().any(|name| path.to_string_lossy().contains(name))) {
        let mut run = load(path);
        run.play(2_000);
        runs.push(run);
    }
    assert!(runs.len() >= 4, "only {} runs", runs.len());
    runs
}

#[test]
fn the_last_link_of_every_chain_is_an_input_for_every_frame() {
    for mut run in some_runs() {
        let end = run.end();
        for number in 1..=run.frames.len() {
            let left = ask(&mut run, Question::FrameLeft(number), end);
            check(&run, &left);
            goes_back(&left);
            for question in
                [Question::FrameNotAnswered(number), Question::FrameNotArrived(number), Question::FrameDropped(number)]
            {
                let answer = ask(&mut run, question, end);
                check(&run, &answer);
            }
        }
    }
}

#[test]
fn the_last_link_of_every_chain_is_an_input_for_every_field_of_every_sock() {
    for mut run in some_runs() {
        // In the midst of the run most socks are alive.
        let turn = run.turns.len() * 2 / 3;
        let at = Moment { turn, step: run.steps(turn) };
        let world = run.seek(at).world;
        for (host, place) in world.hosts.iter().enumerate() {
            for sk in ids(&place.kernel).into_iter().map(stack::include::arena::Id::serial) {
                for name in SockView::FIELDS {
                    let answer = field(&mut run, sk, name, host, at);
                    check(&run, &answer);
                    goes_back(&answer);
                }
                for question in [
                    Question::State { host, sk },
                    Question::OnBackLog { host, sk },
                    Question::AcceptsNothing { host, sk },
                ] {
                    let answer = ask(&mut run, question, at);
                    check(&run, &answer);
                }
            }
            for task in place.kernel.tasks.iter().skip(1).filter(|task| task.state != TaskState::Unused) {
                for question in [Question::Woke { host, pid: task.pid }, Question::StillSleeps { host, pid: task.pid }]
                {
                    let answer = ask(&mut run, question, at);
                    check(&run, &answer);
                }
            }
        }
    }
}

#[test]
fn every_step_of_the_first_scene_has_a_cause() {
    let mut run = first();
    for turn in 0..run.turns.len() {
        for step in (0..=run.steps(turn)).step_by(23) {
            let answer = ask(&mut run, Question::Step, Moment { turn, step });
            check(&run, &answer);
            goes_back(&answer);
        }
    }
}

#[test]
fn slices_change_neither_the_answer_nor_the_run() {
    let mut run = first();
    let (end, before) = (run.end(), run.head().fingerprint());
    let question = Question::StillSleeps { host: 1, pid: 100 };
    let whole = ask(&mut run, question.clone(), end);
    let mut inquiry = Inquiry::new(question, end);
    let mut slices = 0;
    let sliced = loop {
        match inquiry.proceed(&mut run, 1) {
            Progress::Answered(answer) => break *answer,
            Progress::Unfinished { done, of } => {
                assert!(done <= of, "{done} of {of}");
                slices += 1;
            }
        }
    };
    assert!(slices > 3, "only {slices} slices");
    assert_eq!(sliced, whole);
    assert_eq!(run.head().fingerprint(), before);
}

#[test]
fn a_field_was_written_where_a_walk_through_every_step_sees_it_change() {
    let mut run = first();
    let end = run.end();
    let mut at = None;
    let mut was = None;
    for turn in 0..run.turns.len() {
        for step in 0..=run.steps(turn) {
            let moment = Moment { turn, step };
            let world = run.seek(moment).world;
            let views = SockView::all(&world.hosts[0].kernel);
            let now = views.iter().find(|view| view.number == 2).map(|view| view.cong_window);
            if now.is_some() && was.is_some() && now != was {
                at = Some((moment, was, now));
            }
            was = now.or(was);
        }
    }
    let (moment, old, new) = at.expect("cong_window grows in the first scene");
    let answer = field(&mut run, 2, "cong_window", 0, end);
    let write = answer.links.iter().find(|link| link.kind == Kind::Write && link.text == answer.verdict).unwrap();
    assert_eq!(write.moment, moment);
    let said = format!("from {} to {} by tcp_ack", old.unwrap(), new.unwrap());
    assert!(answer.verdict.en.contains(&said), "{}: {said}", answer.verdict.en);
    // The ACK that did it was answered to what A had sent, and so on back to a call.
    assert_eq!(answer.links.iter().find_map(|link| link.input), Some(Input::Frame));
    assert_eq!(answer.ends_at(), Some(Input::Call));
}

#[test]
fn a_frame_left_for_the_frame_it_answers_back_to_the_call_of_connect() {
    let mut run = first();
    let end = run.end();
    let answer = ask(&mut run, Question::FrameLeft(4), end);
    let frames: Vec<&str> = answer
        .links
        .iter()
        .filter(|link| link.kind == Kind::Frame)
        .map(|link| link.text.en.split(':').next().unwrap())
        .collect();
    let back = [
        "Frame 4 leaves B",
        "Frame 3 arrives on B",
        "Frame 3 leaves A",
        "Frame 2 arrives on A",
        "Frame 2 leaves B",
        "Frame 1 arrives on B",
        "Frame 1 leaves A",
    ];
    assert_eq!(frames, back);
    let last = answer.links.last().unwrap();
    assert!(last.text.en.contains("pid 100 calls connect("), "{}", last.text.en);
    assert!(answer.links.iter().any(|link| link.text.en.contains("tcp_conn_request")), "the way is told");
}

#[test]
fn a_state_was_entered_by_the_segment_that_brought_it() {
    let mut run = first();
    let born = run.states.iter().find(|record| record.parent.is_some()).unwrap().clone();
    let answer = ask(&mut run, Question::State { host: born.host, sk: born.sk }, born.moment);
    assert!(
        answer.verdict.en.contains("born in SYN_RECV in tcp_conn_request, as a child of B/sk#2"),
        "{}",
        answer.verdict.en
    );
    assert_eq!(answer.links[0].moment, born.moment);
}

#[test]
fn a_segment_waits_on_back_log_for_the_reader_that_has_the_sock() {
    let mut run = golden("back_log/read_data");
    // The moment at which it lies there.
    let steps: Vec<usize> = (0..run.turns.len()).map(|turn| run.steps(turn)).collect();
    let moments: Vec<Moment> = (steps.iter().enumerate())
        .flat_map(|(turn, steps)| (0..=*steps).map(move |step| Moment { turn, step }))
        .collect();
    let waits = |run: &mut Run, moment: Moment| {
        run.seek(moment).world.hosts[0].kernel.sock.iter().any(|(_, sock)| !sock.back_log.is_empty())
    };
    let at = moments.into_iter().find(|moment| waits(&mut run, *moment)).expect("the scene has a back_log");
    let answer = ask(&mut run, Question::OnBackLog { host: 0, sk: 3 }, at);
    assert!(
        answer.verdict.en.starts_with("host/sk#3 is in use by tcp_read of pid 100: 1 of its segments"),
        "{}",
        answer.verdict.en
    );
    let told: Vec<&str> = answer.links.iter().map(|link| link.text.en.as_str()).collect();
    assert!(told[0].contains("will be let go here"), "{told:#?}");
    assert!(told[1].starts_with("tcp_rcv finds host/sk#3 in use"), "{told:#?}");
    assert!(told[2].starts_with("tcp_read of pid 100 has taken host/sk#3"), "{told:#?}");
    assert_eq!(answer.ends_at(), Some(Input::Frame), "the segment came from outside");
    // Afterwards it is told of the past.
    let end = run.end();
    let answer = ask(&mut run, Question::OnBackLog { host: 0, sk: 3 }, end);
    assert!(answer.verdict.en.starts_with("Nothing waits there now."), "{}", answer.verdict.en);
    // What the replayed segment did is told with its arrival.
    let answer = field(&mut run, 3, "acked_seq", 0, end);
    assert!(answer.links.iter().any(|link| link.kind == Kind::Queue && link.text.en.contains("from back_log")));
    assert_eq!(answer.ends_at(), Some(Input::Frame));
}

#[test]
fn a_frame_that_a_person_loses_never_arrives_and_is_not_answered() {
    let mut run = scene::first(1).unwrap();
    run.play(100_000);
    let (mut branch, _) = run.fork_with_fates(&[(3, Fate::Drop)]).unwrap();
    branch.play(60);
    let end = branch.end();
    let turn = branch.frames[2].moment.turn;
    let at = Moment { turn, step: branch.steps(turn) };
    for question in [Question::FrameNotArrived(3), Question::FrameNotAnswered(3)] {
        let answer = ask(&mut branch, question, end);
        assert!(answer.verdict.en.starts_with("Frame 3 is lost on the wire: a person"), "{}", answer.verdict.en);
        assert_eq!(answer.ends_at(), Some(Input::Act));
    }
    // So connect() still sleeps, and accept() has nothing.
    let asking = branch.frames[0].moment;
    let asking = Moment { step: branch.steps(asking.turn), ..asking };
    let waits = ask(&mut branch, Question::StillSleeps { host: 0, pid: 100 }, asking);
    assert!(waits.looked_at[0].en.starts_with("1 packets of the host wait for the address of 10.0.0.2"), "{waits:#?}");
    let sleeps = ask(&mut branch, Question::StillSleeps { host: 0, pid: 100 }, at);
    assert!(sleeps.verdict.en.starts_with("pid 100 sleeps in inet_connect"), "{}", sleeps.verdict.en);
    assert!(sleeps.links.last().unwrap().text.en.contains("pid 100 calls connect("));
    let accepts = ask(&mut branch, Question::AcceptsNothing { host: 1, sk: 2 }, at);
    assert!(accepts.verdict.en.contains("Frame 3 is lost"), "{}", accepts.verdict.en);
    check(&branch, &accepts);
    // The SYN leaves again, by its timer, which connect() had armed.
    assert_eq!(branch.frames[3].sent.host, 0, "the SYN again");
    let answer = ask(&mut branch, Question::FrameLeft(4), end);
    assert!(answer.links.iter().any(|link| link.input == Some(Input::Tick)), "{:#?}", answer.links);
    assert!(answer.links.iter().any(|link| link.text.en.contains("arms retransmit_timer(A/sk#2)")));
    check(&branch, &answer);
    let made = answer.links.iter().find(|link| link.text.en.contains("was made here already, by tcp_connect")).unwrap();
    assert!(made.moment.turn < branch.frames[0].moment.turn + 1, "the SYN is made before the ARP request leaves");
}

#[test]
fn a_frame_that_was_changed_on_the_way_is_dropped_for_its_checksum() {
    let mut run = first();
    let (mut branch, _) = run.fork_with_fates(&[(3, Fate::Corrupt(53, 1))]).unwrap();
    branch.play(60);
    let end = branch.end();
    let answer = ask(&mut branch, Question::FrameDropped(3), end);
    assert!(answer.verdict.en.contains("TcpBadChecksum: The TCP checksum is wrong."), "{}", answer.verdict.en);
    assert!(answer.verdict.en.contains("tcp_rcv on B throws it away"), "{}", answer.verdict.en);
    let last = answer.links.last().unwrap();
    assert_eq!(last.input, Some(Input::Act));
    assert!(last.text.en.contains("octet 53 of frame 3"), "{}", last.text.en);
}

#[test]
fn accept_waits_for_the_ack_that_was_lost() {
    let mut run = first();
    let (mut branch, _) = run.fork_with_fates(&[(5, Fate::Drop)]).unwrap();
    let turn = (0..).find(|_| !branch.advance() || branch.frames.len() >= 5);
    assert!(turn.is_some());
    let end = branch.end();
    let answer = ask(&mut branch, Question::AcceptsNothing { host: 1, sk: 2 }, end);
    assert!(answer.verdict.en.starts_with("B/sk#4 is on the queue, but only in SYN_RECV"), "{}", answer.verdict.en);
    assert!(answer.verdict.en.contains("Frame 5 is lost on the wire: a person"), "{}", answer.verdict.en);
    assert_eq!(answer.ends_at(), Some(Input::Act));
    // It was woken by the SYN already, in vain.
    let sleeps = ask(&mut branch, Question::StillSleeps { host: 1, pid: 100 }, end);
    let told: Vec<&str> = sleeps.links.iter().map(|link| link.text.en.as_str()).collect();
    assert!(told.iter().any(|text| text.starts_with("tcp_conn_request woke pid 100 here, but")), "{told:#?}");
    assert!(told.iter().any(|text| text.contains("Meanwhile came frame 5")), "{told:#?}");
}

#[test]
fn a_process_was_woken_by_the_segment_it_waited_for() {
    let mut run = first();
    let end = run.end();
    let answer = ask(&mut run, Question::Woke { host: 1, pid: 100 }, end);
    assert!(answer.verdict.en.starts_with("def_callback3 woke pid 100"), "{}", answer.verdict.en);
    assert_eq!(answer.links[0].kind, Kind::Process);
    assert_eq!(answer.ends_at(), Some(Input::Call));
}

#[test]
fn a_timer_fired_as_it_was_armed_and_one_that_was_deleted_did_not() {
    let mut run = first();
    let end = run.end();
    let timer = TimerKey { role: TimerRole::Sock, owner: Some(2) };
    let answer = ask(&mut run, Question::Fired { host: 0, timer }, end);
    assert!(answer.verdict.en.contains("reset_timer arms net_timer(A/sk#2)"), "{}", answer.verdict.en);
    check(&run, &answer);
    let fires = answer.links.iter().position(|link| link.input == Some(Input::Tick)).unwrap();
    assert!(answer.links[fires + 1].text.en.contains("jiffies, due behind jiffy"), "{:#?}", answer.links);
    let timer = TimerKey { role: TimerRole::Retransmit, owner: Some(2) };
    let answer = ask(&mut run, Question::NotFired { host: 0, timer }, end);
    assert!(answer.verdict.en.starts_with("retransmit_timer(A/sk#2) was deleted by "), "{}", answer.verdict.en);
    // While it runs, what is left of it is told.
    let sent = run.frames[2].moment;
    let answer = ask(&mut run, Question::NotFired { host: 0, timer }, sent);
    assert!(answer.verdict.en.contains("is still running: it fires in 300 jiffies"), "{}", answer.verdict.en);
    assert!(answer.links.last().unwrap().text.en.contains("connect("), "{:#?}", answer.links);
}

const SILENCE: &str = "//@ host A 10.0.0.1/8 02:00:00:00:00:01\n//@ host B 10.0.0.2/8 02:00:00:00:00:02\n//@ on A\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0.1 connect(3, {sa_family = AF_INET, sin_port = htons(80), sin_addr = inet_addr(\"10.0.0.9\")}, 16) = -1\n+60 `true`\n";

#[test]
fn a_request_for_an_address_that_nobody_has_brings_nothing() {
    let mut run = written(SILENCE);
    assert!(!run.frames.is_empty(), "A asks");
    let at = run.frames[0].moment;
    let at = Moment { turn: at.turn + 1, step: run.steps(at.turn + 1) };
    let answer = ask(&mut run, Question::ArpNothing { host: 0, address: InAddr::from_octets([10, 0, 0, 9]) }, at);
    assert_eq!(answer.verdict.en, "Nobody has the address 10.0.0.9: no host of this wire can answer.");
    assert!(answer.links[0].text.en.contains("B"), "{:#?}", answer.links);
    assert!(each(&answer.links).iter().any(|link| link.text.en.contains("ArpRequestNotForUs")), "{:#?}", answer.links);
    assert!(answer.links.last().unwrap().text.en.contains("connect("));
    check(&run, &answer);
}

#[test]
fn what_the_run_cannot_tell_is_answered_with_what_was_looked_at() {
    let mut run = first();
    let end = run.end();
    let timer = TimerKey { role: TimerRole::Igmp, owner: None };
    for question in [
        Question::NotFired { host: 0, timer },
        Question::OnBackLog { host: 0, sk: 2 },
        Question::FrameLeft(9_999),
        Question::Woke { host: 0, pid: 4242 },
        Question::ArpNothing { host: 0, address: InAddr::from_octets([10, 9, 9, 9]) },
    ] {
        let answer = ask(&mut run, question, end);
        assert!(!answer.looked_at.is_empty(), "{}: {answer:#?}", answer.question.en);
        check(&run, &answer);
    }
}

#[test]
fn a_chain_leads_through_the_loopback() {
    let mut run = golden("back_log/loopback_write");
    let end = run.end();
    let world = run.seek(end).world;
    for sk in ids(&world.hosts[0].kernel).into_iter().map(stack::include::arena::Id::serial) {
        let answer = field(&mut run, sk, "acked_seq", 0, end);
        check(&run, &answer);
        goes_back(&answer);
    }
    let _ = asset("kept/first_timeout.pkt");
}

/// Any question, sensible or not.
fn any_question() -> impl Strategy<Value = Question> {
    let roles =
        prop::sample::select(vec![TimerRole::Sock, TimerRole::Retransmit, TimerRole::ArpEntry, TimerRole::ArpCheck]);
    let timer = (roles, prop::option::of(0_u32..9)).prop_map(|(role, owner)| TimerKey { role, owner });
    let fields = prop::sample::select(SockView::FIELDS.to_vec());
    (
        0_usize..4,
        0_u32..9,
        0_usize..30,
        prop::sample::select(vec![0, 100, 101, 103, 1000, -1]),
        timer,
        fields,
        0_usize..14,
    )
        .prop_map(|(host, sk, frame, pid, timer, field, kind)| match kind {
            0 => Question::Field { host, sk, field: SockView::reader(field).unwrap() },
            1 => Question::State { host, sk },
            2 => Question::Step,
            3 => Question::FrameLeft(frame),
            4 => Question::FrameDropped(frame),
            5 => Question::FrameNotArrived(frame),
            6 => Question::FrameNotAnswered(frame),
            7 => Question::Woke { host, pid },
            8 => Question::StillSleeps { host, pid },
            9 => Question::AcceptsNothing { host, sk },
            10 => Question::OnBackLog { host, sk },
            11 => Question::Fired { host, timer },
            12 => Question::NotFired { host, timer },
            _ => Question::ArpNothing { host, address: InAddr::from_octets([10, 0, 0, sk as u8]) },
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]
    #[test]
    fn no_question_panics_and_every_answer_ends_at_an_input(
        asked in prop::collection::vec((any_question(), 0_usize..400, 0_usize..200), 1..4),
        lost in 0_u64..20,
    ) {
        let mut run = first();
        if let Some((mut branch, _)) = run.fork_with_fates(&[(lost, Fate::Drop)]) {
            branch.play(40);
            run = branch;
        }
        for (question, turn, step) in asked {
            let answer = ask(&mut run, question, Moment { turn, step });
            check(&run, &answer);
        }
    }
}

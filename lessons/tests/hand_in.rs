//! Hand-ins: what is kept of a learner can be done again, and a forged one is told by what was forged.

use lessons::hand_in::{Fault, HandIn, copies, verify};
use lessons::{Act, Change, Clock, Deed, Files, Player, Shows, Task, content, seed_of};
use stack::lab::movement::Direction;
use stack::lab::query::{Place, find};
use stack::lab::run::Moment;
use stack::words::Lang;

fn files(name: &str) -> Files {
    content::named(name).expect("the lesson ships")
}

/// A learner at a lesson, with a clock that every deed moves on.
struct Learner {
    player: Player,
    clock: Clock,
    name: String,
}

impl Learner {
    fn new(name: &str, lesson: &str) -> Self {
        let player = Player::open(files(lesson), seed_of(name)).expect("a shipped lesson can be read");
        Self { player, clock: Clock { opened: 1_796_000_000, after: 0 }, name: name.to_owned() }
    }

    fn act(&mut self, act: Act) -> bool {
        self.clock.after += 3;
        self.player.act_at(self.clock, act)
    }

    fn shows(&self) -> Shows {
        self.player.view(Lang::En).shows
    }

    fn beat(&self) -> String {
        self.player.lesson().beats[self.player.view(Lang::En).beat - 1].id.clone()
    }

    /// Leaves the program and opens the lesson again, a day later.
    fn reopen(&mut self) {
        let files = files(&self.player.lesson().id);
        self.player = Player::resume(files, self.player.progress().clone()).unwrap();
        self.clock = Clock { opened: self.clock.opened + 86_400, after: 0 };
    }

    /// One step on: answers the option of this place, skips every task.
    fn on(&mut self, option: usize) {
        match self.shows() {
            Shows::Question(_) => {
                self.act(Act::Hint);
                self.act(Act::Choose(option));
                self.act(Act::Certainty(3));
                assert!(self.act(Act::Answer));
            }
            Shows::Ranking(ranking) if !ranking.is_answered() => {
                self.act(Act::Shift { up: false });
                assert!(self.act(Act::Answer));
            }
            Shows::Work(work) if !work.done => assert!(self.act(Act::Skip)),
            _ => assert!(self.act(Act::Next)),
        }
    }

    fn finished(mut self, option: usize) -> Self {
        for _ in 0..80 {
            if self.player.progress().finished {
                break;
            }
            self.on(option);
        }
        assert!(self.player.progress().finished);
        self
    }

    fn hand_in(&self) -> HandIn {
        self.player.hand_in(&self.name).expect("what was kept can be done again")
    }
}

#[test]
fn everything_that_was_done_is_done_again_and_marked_the_same() {
    for lesson in content::all().into_iter().map(|files| files.folder) {
        for option in 0..3 {
            let mut learner = Learner::new("Ada", &lesson).finished(option);
            learner.act(Act::Write("I had thought the listener answers.".to_owned()));
            let hand_in = learner.hand_in();
            let kept = learner.player.progress();
            assert_eq!((&hand_in.beats, &hand_in.said, hand_in.finished), (&kept.beats, &kept.said, true), "{lesson}");
            let marks = verify(&files(&lesson), &hand_in).expect("an honest hand-in");
            let answers: Vec<_> = kept.beats.values().filter_map(|beat| beat.answers.first()).collect();
            let right = answers.iter().filter(|answer| answer.right).count();
            let asks = |task: &Task| match task {
                Task::Predict { options, .. } | Task::Investigate { options, .. } => !options.is_empty(),
                _ => false,
            };
            let questions = learner.player.lesson().beats.iter().filter(|beat| asks(&beat.task)).count();
            assert_eq!((marks.questions, marks.right_at_first), (questions, right), "{lesson}");
            assert_eq!(marks.said, "I had thought the listener answers.");
            assert!(marks.hints > 0 && marks.skipped > 0 && marks.finished);
            assert_eq!(marks.seconds, learner.clock.after);
            assert_eq!(marks.misconceptions.is_empty(), marks.certain_and_wrong == 0, "the learner is always certain");
        }
    }
}

#[test]
fn what_is_found_changed_ordered_and_called_is_done_again() {
    let mut learner = Learner::new("Ada", "handshake");
    while !learner.player.progress().finished {
        match learner.beat().as_str() {
            "woken-too-early" if matches!(learner.shows(), Shows::Work(work) if !work.done) => {
                let place = Place::parse("B: wakes 100").unwrap();
                let run = learner.player.run();
                let woken = find(&place, run, Moment::default(), Direction::Forward).unwrap();
                learner.clock.after += 20;
                assert!(learner.player.go_at(learner.clock, Moment::default()));
                assert!(learner.player.go_at(learner.clock, woken));
            }
            "lose-it" if matches!(learner.shows(), Shows::Work(work) if !work.done) => {
                assert!(learner.act(Act::Change(Change::Drop(9))) && learner.act(Act::Undo));
                assert!(learner.act(Act::Change(Change::Drop(4))));
            }
            _ => learner.on(0),
        }
    }
    let hand_in = learner.hand_in();
    let done: Vec<&Deed> = hand_in.sittings[0].entries.iter().map(|entry| &entry.did).collect();
    assert!(done.iter().filter(|did| matches!(did, Deed::Find { .. })).count() == 1, "{done:?}");
    assert!(done.contains(&&Deed::Change("drop 4".to_owned())) && done.contains(&&Deed::Undo));
    assert!(done.iter().any(|did| matches!(did, Deed::Order(steps) if steps.len() > 2)));
    assert!(hand_in.beats["woken-too-early"].done && hand_in.beats["lose-it"].done);
    assert_eq!(hand_in.beats, learner.player.progress().beats);
    verify(&files("handshake"), &hand_in).expect("an honest hand-in");
}

#[test]
fn a_question_about_a_moment_is_open_until_it_is_answered() {
    let mut learner = Learner::new("Ada", "gate");
    let asks = |beat: &lessons::Beat| matches!(&beat.task, Task::Investigate { options, .. } if !options.is_empty());
    let beat = learner.player.lesson().beats.iter().find(|beat| asks(beat)).expect("the lesson has one").clone();
    while learner.beat() != beat.id {
        learner.on(0);
    }
    let Task::Investigate { goal, .. } = beat.task else { panic!("it investigates") };
    let place = Place::when(goal);
    let moment = find(&place, learner.player.run(), Moment::default(), Direction::Forward).unwrap();
    for sitting in 1..=2 {
        assert!(learner.player.go_at(learner.clock, moment) && matches!(learner.shows(), Shows::Question(_)));
        assert_eq!(learner.hand_in().sittings.len(), sitting);
        if sitting == 1 {
            learner.reopen();
            assert_eq!(learner.beat(), beat.id, "it was found and not answered");
        }
    }
    learner.on(2);
    let hand_in = learner.hand_in();
    assert_eq!(hand_in.beats[&beat.id].answers.len(), 1);
    verify(&files("gate"), &hand_in).expect("an honest hand-in");
    learner.reopen();
    assert_ne!(learner.beat(), beat.id);
}

#[test]
fn calls_are_done_again() {
    let mut learner = Learner::new("Ada", "gate");
    while learner.beat() != "your-call" {
        learner.on(0);
    }
    assert!(!learner.act(Act::Write("listen(3, ".to_owned())), "no call");
    assert!(learner.act(Act::Write("bind(3, ..., ...); listen(3, 1)".to_owned())));
    let hand_in = learner.hand_in();
    assert!(hand_in.beats["your-call"].done);
    verify(&files("gate"), &hand_in).expect("an honest hand-in");
}

#[test]
fn a_lesson_opens_at_the_first_beat_that_is_open() {
    let mut learner = Learner::new("Ada", "handshake");
    while learner.beat() != "last-segment" {
        learner.on(0);
    }
    let here = learner.player.moment();
    learner.reopen();
    assert_eq!((learner.beat(), learner.player.moment()), ("last-segment".to_owned(), here));
    assert_eq!(learner.player.masked_from(), Some(here), "the future of the open question is hidden");
    // In the middle of what came back, too: what was answered there does not come a third time.
    while learner.player.view(Lang::En).retake.is_none() {
        learner.on(0);
    }
    let first = learner.beat();
    learner.on(0);
    learner.reopen();
    let second = learner.beat();
    assert!(learner.player.view(Lang::En).retake.is_some() && second != first, "{first} {second}");
    while !learner.player.progress().finished {
        learner.on(0);
    }
    let hand_in = learner.hand_in();
    assert_eq!((hand_in.sittings.len(), &hand_in.beats), (3, &learner.player.progress().beats));
    verify(&files("handshake"), &hand_in).expect("an honest hand-in over three sittings");
    learner.reopen();
    assert_eq!(learner.player.view(Lang::En).beat, 1, "one that is finished opens at its beginning");
}

#[test]
fn a_wrong_order_is_settled() {
    let mut learner = Learner::new("Ada", "handshake");
    while learner.beat() != "road" {
        learner.on(0);
    }
    learner.on(0);
    assert!(!learner.player.progress().beats["road"].done, "the order is wrong");
    assert!(learner.player.progress().is_settled("road"));
}

fn fault(hand_in: &HandIn) -> Fault {
    verify(&files(&hand_in.lesson), hand_in).expect_err("it is forged")
}

fn done() -> HandIn {
    let mut learner = Learner::new("Ada", "handshake").finished(0);
    learner.act(Act::Write("mine".to_owned()));
    learner.hand_in()
}

#[test]
fn another_name_on_it_is_told() {
    let mut forged = done();
    forged.student = "Bob".to_owned();
    assert_eq!(fault(&forged), Fault::Name);
    forged.bind();
    assert_eq!(fault(&forged), Fault::Name, "the seed is still Ada's");
}

#[test]
fn another_seed_is_told() {
    let mut forged = done();
    forged.seed = 3;
    assert_eq!(fault(&forged), Fault::Seed);
    // With the seed of the name again, the runs are still those of another.
    let mut forged = done();
    forged.student = "Bob".to_owned();
    forged.seed = seed_of("Bob");
    forged.bind();
    assert_eq!(fault(&forged), Fault::Runs);
}

#[test]
fn edited_marks_are_told() {
    let mark = |hand_in: &mut HandIn| {
        let answer = &mut hand_in.beats.get_mut("who-moves").unwrap().answers[0];
        assert!(!answer.right);
        (answer.right, answer.misconception) = (true, None);
    };
    let mut forged = done();
    mark(&mut forged);
    assert_eq!(fault(&forged), Fault::Marks);
    forged.bind();
    assert_eq!(fault(&forged), Fault::Marks, "the run marks it, whatever the hashes say");
    let mut forged = Learner::new("Ada", "handshake");
    forged.on(0);
    let mut forged = forged.hand_in();
    forged.finished = true;
    forged.bind();
    assert_eq!(fault(&forged), Fault::Marks);
}

#[test]
fn swapped_answers_are_told() {
    let mut forged = done();
    let answers: Vec<usize> = (0..forged.sittings[0].entries.len())
        .filter(|index| matches!(forged.sittings[0].entries[*index].did, Deed::Answer { .. }))
        .collect();
    let entries = &mut forged.sittings[0].entries;
    let first = entries[answers[0]].did.clone();
    entries[answers[0]].did = Deed::Answer { option: "b".to_owned(), certainty: lessons::Certainty::Fairly };
    assert_ne!(first, entries[answers[0]].did);
    assert_eq!(fault(&forged), Fault::Answers(None));
    forged.bind();
    assert_ne!(
        fault(&forged),
        Fault::Answers(None),
        "the right answer does not come back, and what follows is not possible"
    );
    let mut forged = done();
    forged.sittings[0].entries.swap(answers[0], answers[1]);
    forged.bind();
    assert_eq!(fault(&forged), Fault::Answers(Some(answers[0] + 1)));
}

#[test]
fn times_that_run_backwards_and_edited_words_and_hashes_are_told() {
    let mut forged = done();
    forged.sittings[0].entries[4].after = 1;
    forged.bind();
    assert_eq!(fault(&forged), Fault::Answers(Some(5)));
    let mut forged = done();
    forged.said = "better".to_owned();
    assert_eq!(fault(&forged), Fault::Words);
    forged.bind();
    assert_eq!(fault(&forged), Fault::Words);
    let mut forged = done();
    forged.runs = "0".repeat(16);
    assert_eq!(fault(&forged), Fault::Runs);
    let mut forged = done();
    forged.bound.whole = "0".repeat(32);
    assert_eq!(fault(&forged), Fault::Hash);
}

#[test]
fn another_version_of_the_lesson_is_no_forgery() {
    let mut changed = files("handshake");
    changed.files[0].1.push('\n');
    assert_eq!(verify(&changed, &done()), Err(Fault::Edition));
}

#[test]
fn copied_answers_show_beside_each_other() {
    let ada = done();
    let mut bob = ada.clone();
    bob.student = "Bob".to_owned();
    let carl = Learner { clock: Clock { opened: 5, after: 1 }, ..Learner::new("Carl", "handshake") };
    let carl = carl.finished(0).hand_in();
    // At the same seconds, and with an answer of one's own.
    let mut own = bob.clone();
    let answer = own.sittings[0].entries.iter_mut().find(|entry| matches!(entry.did, Deed::Answer { .. })).unwrap();
    answer.did = Deed::Answer { option: "b".to_owned(), certainty: lessons::Certainty::Fairly };
    assert_eq!(copies(&[&ada, &own]), vec![Vec::<usize>::new(); 2]);
    // Two who press one key all the way are no copies of each other.
    let quick = |name: &str, opened: u64| {
        let mut player = Learner::new(name, "handshake").player;
        while !player.progress().finished {
            assert!(player.act_at(Clock { opened, after: 2 }, Act::Skip));
        }
        player.hand_in(name).unwrap()
    };
    assert_eq!(copies(&[&quick("Eve", 10), &quick("Fay", 99)]), vec![Vec::<usize>::new(); 2]);
    assert_eq!(copies(&[&ada, &carl, &bob]), [vec![2], vec![], vec![0]]);
    assert_eq!(copies(&[&ada, &ada]), vec![Vec::<usize>::new(); 2], "the same file twice");
    bob.sittings[0].opened += 60;
    assert_eq!(copies(&[&ada, &bob]), [vec![1], vec![0]], "another hour does not hide it");
    for copy in [&ada, &bob, &carl] {
        assert!(!copy.sittings[0].entries.is_empty());
    }
}

#[test]
fn nothing_in_a_file_makes_verifying_hang_or_die() {
    let mut learner = Learner::new("Ada", "handshake");
    for opened in [1, 2] {
        let clock = Clock { opened, after: u64::MAX };
        assert!(learner.player.act_at(clock, Act::Skip));
    }
    assert_eq!(verify(&files("handshake"), &learner.hand_in()).unwrap().seconds, u64::MAX);
    // Behind the last question nothing is hidden, so a moment is not refused for that.
    while learner.player.masked_from().is_some() {
        learner.on(0);
    }
    for (turn, step) in [(usize::MAX, usize::MAX), (0, usize::MAX), (3, usize::MAX)] {
        assert!(!learner.player.go(Moment { turn, step }) || learner.player.moment() == Moment { turn, step });
    }
    let entry = |did: Deed| lessons::Entry { after: 0, beat: "woken-too-early".to_owned(), retake: false, did };
    for did in [
        Deed::Find { turn: usize::MAX, step: usize::MAX },
        Deed::Find { turn: 0, step: usize::MAX },
        Deed::Change("delay 18446744073709551615 18446744073709551615".to_owned()),
        Deed::Order(vec!["x".to_owned(); 9]),
        Deed::Answer { option: "\0".to_owned(), certainty: lessons::Certainty::Certain },
        Deed::Write("(".repeat(100_000)),
    ] {
        let mut hand_in = done();
        hand_in.sittings[0].entries = vec![entry(did)];
        hand_in.bind();
        assert_eq!(fault(&hand_in), Fault::Answers(Some(1)));
    }
    let mut hand_in = done();
    let pair = [Deed::Change("drop 9".to_owned()), Deed::Undo];
    let lost = |did: &Deed| lessons::Entry { beat: "lose-it".to_owned(), ..entry(did.clone()) };
    hand_in.sittings[0].entries = pair.iter().cycle().take(4_100).map(lost).collect();
    hand_in.bind();
    assert_eq!(fault(&hand_in), Fault::Answers(Some(4_000)), "no hand has done so much");
    for beat in ["your-call", "lose-it"] {
        for did in ["drop 18446744073709551615", "delay 1 18446744073709551615", "duplicate 1"] {
            let mut hand_in = done();
            let did = Deed::Change(did.to_owned());
            hand_in.sittings[0].entries = vec![lessons::Entry { beat: beat.to_owned(), ..entry(did) }];
            hand_in.bind();
            verify(&files("handshake"), &hand_in).expect_err("the marks are others");
        }
    }
}

//! The player: a learner's way through a lesson, step by step, on the real stack.

use lessons::{Act, Certainty, Change, Closing, Files, Player, Shows, content};
use stack::lab::query::{Place, reach};
use stack::lab::run::Moment;
use stack::words::Lang;

const EN: Lang = Lang::En;

fn files(name: &str) -> Files {
    content::named(name).expect("the lesson ships")
}

fn open(name: &str) -> Player {
    Player::open(files(name), 7).expect("a shipped lesson can be read")
}

/// Goes on by skipping until a beat begins.
fn go_to(player: &mut Player, id: &str) {
    let target = player.lesson().beat_index(id).expect("the beat exists") + 1;
    for _ in 0..60 {
        if player.view(EN).beat == target {
            return;
        }
        if !player.act(Act::Next) {
            player.act(Act::Skip);
        }
    }
    panic!("the beat {id} is not reached");
}

fn question(player: &Player) -> lessons::Question {
    match player.view(EN).shows {
        Shows::Question(question) => question,
        other => panic!("no question is open: {other:?}"),
    }
}

/// Chooses an option, says how sure, and answers.
fn answer(player: &mut Player, option: usize, certainty: u8) -> bool {
    player.act(Act::Choose(option)) && player.act(Act::Certainty(certainty)) && player.act(Act::Answer)
}

fn verdict(player: &Player) -> lessons::Verdict {
    match player.view(EN).shows {
        Shows::Verdict(verdict) => verdict,
        other => panic!("no verdict is shown: {other:?}"),
    }
}

fn work(player: &Player) -> lessons::Work {
    match player.view(EN).shows {
        Shows::Work(work) => work,
        other => panic!("no task is open: {other:?}"),
    }
}

#[test]
fn a_question_masks_the_future_until_it_is_answered() {
    let mut player = open("handshake");
    go_to(&mut player, "who-moves");
    let held = player.moment();
    assert_eq!(player.masked_from(), Some(held));
    assert!(!player.go(Moment { turn: held.turn, step: held.step + 1 }), "a step into the masked future was allowed");
    assert!(player.go(Moment { turn: held.turn, step: 1 }), "the past is open");
    assert!(!player.act(Act::Next), "an open question is answered or skipped, not passed by");
    assert!(answer(&mut player, 1, 2));
    assert!(player.moment() > held, "the run goes on to the place that settles the question");
    let next = player.masked_from().expect("the second question is still to come");
    assert!(next > player.moment());
}

#[test]
fn the_run_marks_the_answer_and_cites_its_steps() {
    let mut player = open("handshake");
    go_to(&mut player, "who-moves");
    assert_eq!(question(&player).options.len(), 4);
    assert!(!player.act(Act::Choose(4)), "there is no fifth option");
    assert!(player.act(Act::Choose(0)) && player.act(Act::Certainty(3)) && player.act(Act::Answer));
    let shown = verdict(&player);
    let answer = shown.answer.expect("an answer was given");
    assert!(!answer.holds && shown.truth.holds && answer.text != shown.truth.text);
    assert!(answer.reply.contains("no second caller") && shown.why.contains("A listener must go on listening"));
    let born = &shown.evidence[0];
    assert_eq!((born.host.as_str(), born.function.as_str()), ("B", "tcp_conn_request"));
    assert_eq!(born.text, "tcp_conn_request: B/sk#4 is born in SYN_RECV");
    assert_eq!(shown.evidence.len(), 1, "a birth is one thing that happens: {:?}", shown.evidence);
    let kept = &player.progress().beats["who-moves"].answers[0];
    assert_eq!((kept.option.as_str(), kept.right, kept.certainty), ("a", false, Certainty::Certain));
    assert_eq!(kept.misconception.as_deref(), Some("listener-becomes-connection"));
}

#[test]
fn evidence_names_the_host_and_tells_what_happened_there() {
    let mut player = open("handshake");
    go_to(&mut player, "last-segment");
    player.act(Act::Skip);
    let told: Vec<String> = verdict(&player).evidence.into_iter().map(|evidence| evidence.text).collect();
    assert_eq!(
        told,
        [
            "tcp_set_state: B/sk#4.state SYN_RECV → ESTABLISHED",
            "skb_unlink: B/sk#2.receive_queue 1 → 0",
            "accept(): up to here not once: B sends",
        ]
    );
    let mut player = open("gate");
    go_to(&mut player, "which-number");
    player.act(Act::Skip);
    let told: Vec<String> = verdict(&player).evidence.into_iter().map(|evidence| evidence.text).collect();
    assert_eq!(told, ["socket(): A/regs.eax NULL → 102", "socket(): A/regs.ebx NULL → 1"]);
}

#[test]
fn the_mask_covers_what_settles_a_question_and_nothing_that_has_happened() {
    for name in content::all().into_iter().map(|files| files.folder) {
        let mut player = open(&name);
        for _ in 0..80 {
            let view = player.view(EN);
            assert_eq!(view.masked_from, player.masked_from());
            if let Shows::Question(_) = view.shows {
                let asked = player.moment();
                assert_eq!(view.masked_from, Some(asked), "{name}: the mask begins where the question is asked");
                let hidden = |frame: &&stack::lab::run::FrameRecord| view.hides(frame.moment);
                let left = player.run().frames.iter().filter(|frame| frame.moment <= asked).collect::<Vec<_>>();
                assert_eq!(left.iter().copied().find(hidden), None, "{name}: a frame that has left is hidden");
                assert!(view.closed.is_empty() || view.pane.is_none_or(|pane| !view.closed.contains(&pane)));
                player.act(Act::Skip);
                let after = player.view(EN);
                assert!(after.closed.is_empty(), "{name}: a pane stays closed behind the answer");
                let Shows::Verdict(verdict) = after.shows else { panic!("{name}: no verdict") };
                assert!(verdict.evidence.iter().all(|evidence| view.hides(evidence.moment)), "{name}: {verdict:?}");
            } else if !player.act(Act::Next) && !player.act(Act::Skip) {
                break;
            }
        }
    }
}

#[test]
fn the_code_that_answers_a_question_is_closed_until_it_is_answered() {
    for (name, beat) in [("gate", "one-gate"), ("handshake", "who-moves")] {
        let mut player = open(name);
        go_to(&mut player, beat);
        assert_eq!(player.view(EN).closed, [lessons::Pane::Code], "{name}");
        assert!(player.view(EN).asks());
        assert!(answer(&mut player, 0, 1));
        assert!(player.view(EN).closed.is_empty() && !player.view(EN).asks(), "{name}");
    }
}

#[test]
fn the_right_answer_is_whatever_the_run_says() {
    for name in content::all().into_iter().map(|files| files.folder) {
        let mut player = open(&name);
        for beat in 0..player.lesson().beats.len() {
            let id = player.lesson().beats[beat].id.clone();
            go_to(&mut player, &id);
            if let Shows::Question(open) = player.view(EN).shows {
                player.act(Act::Skip);
                let truth = verdict(&player).truth.text;
                assert!(open.options.contains(&truth), "{name}, {id}: {truth}");
            }
        }
    }
}

#[test]
fn nothing_is_chosen_before_the_learner_chooses() {
    let mut player = open("handshake");
    go_to(&mut player, "who-moves");
    let asked = question(&player);
    assert_eq!((asked.chosen, asked.certainty), (None, None));
    assert!(!player.act(Act::Answer), "an answer that nobody gave");
    assert!(player.act(Act::Certainty(2)) && !player.act(Act::Answer), "how sure of what?");
    assert!(player.act(Act::Choose(1)) && player.act(Act::Answer));
    let mut player = open("handshake");
    go_to(&mut player, "who-moves");
    assert!(player.act(Act::Choose(1)) && !player.act(Act::Answer), "nobody said how sure");
    assert!(player.progress().beats.get("who-moves").is_none_or(|kept| kept.answers.is_empty()));
}

#[test]
fn what_was_found_is_asked_about_where_it_was_found() {
    let mut player = open("gate");
    go_to(&mut player, "walk-down");
    assert!(!work(&player).done);
    let place = stack::lab::query::Place::parse("when A.sock(2)").unwrap();
    let found = stack::lab::query::reach(&place, player.run(), Moment::default()).unwrap();
    assert!(player.go(found));
    let asked = question(&player);
    assert_eq!((asked.options.len(), asked.text.contains("on which layer")), (3, true));
    assert!(player.go(Moment::default()), "one may look around before one answers");
    assert!(!player.act(Act::Next), "an open question is answered or skipped");
    assert!(answer(&mut player, 1, 3) && verdict(&player).right(), "{:?}", verdict(&player));
    assert_eq!(player.moment(), Moment::default(), "the answer leaves the cursor where it is");
    assert!(player.progress().beats["walk-down"].answers[0].right && player.progress().beats["walk-down"].done);
    // Who skips the task is shown the answer to its question too.
    let mut player = open("handshake");
    go_to(&mut player, "where-it-waits");
    assert!(player.act(Act::Skip));
    let shown = verdict(&player);
    assert!(shown.answer.is_none() && shown.truth.text.contains("it names sk#4"), "{shown:?}");
    assert!(player.progress().beats["where-it-waits"].skipped && !player.progress().beats["where-it-waits"].done);
}

#[test]
fn a_skipped_order_shows_nothing_as_done() {
    let mut player = open("handshake");
    go_to(&mut player, "road");
    assert!(player.act(Act::Skip));
    let Shows::Ranking(shown) = player.view(EN).shows else { panic!("the order is shown") };
    assert!(shown.steps.is_empty() && shown.right.is_empty() && shown.truth.len() == 6);
    assert!(player.progress().beats["road"].skipped && !player.progress().beats["road"].done);
}

#[test]
fn hints_come_one_by_one_and_end_at_three() {
    let mut player = open("gate");
    go_to(&mut player, "one-gate");
    assert_eq!(question(&player).hint, None);
    for number in 1..=3 {
        assert!(player.act(Act::Hint));
        assert_eq!(question(&player).hint.map(|(shown, _)| shown), Some(number));
    }
    assert!(!player.act(Act::Hint));
    assert!(answer(&mut player, 0, 1));
    assert_eq!(player.progress().beats["one-gate"].answers[0].hints, 3);
}

#[test]
fn a_wrong_answer_comes_back_with_other_numbers() {
    let mut player = open("handshake");
    let port = player.view(EN).narration[0].clone();
    for (id, certainty) in [("who-moves", 1), ("last-segment", 3)] {
        go_to(&mut player, id);
        assert!(answer(&mut player, 0, certainty));
        assert!(!verdict(&player).answer.expect("answered").holds);
    }
    go_to(&mut player, "lose-it");
    player.act(Act::Next);
    let retake = player.view(EN);
    assert_eq!(retake.retake, Some(Certainty::Certain), "the wrong answers return before the end");
    assert_eq!(retake.beat, player.lesson().beat_index("last-segment").unwrap() + 1, "certain and wrong comes first");
    assert!(player.masked_from().is_some());
    assert_ne!(player.lesson().text(EN).lines("before/narration")[0], port, "a retake has other numbers");
    assert!(answer(&mut player, 1, 3));
    assert!(verdict(&player).answer.expect("answered").holds);
    player.act(Act::Next);
    assert_eq!(player.view(EN).retake, Some(Certainty::Guessing));
    assert_eq!(player.view(EN).beat, player.lesson().beat_index("who-moves").unwrap() + 1);
    player.act(Act::Skip);
    player.act(Act::Next);
    assert!(player.progress().finished, "a retake does not come a third time");
}

#[test]
fn an_investigation_is_done_when_the_cursor_is_there() {
    let mut player = open("handshake");
    go_to(&mut player, "woken-too-early");
    assert!(!work(&player).done);
    let here = player.moment();
    assert!(player.go(Moment::default()) && !work(&player).done);
    let place = stack::lab::query::Place::parse("B: wakes 100").unwrap();
    let woken =
        stack::lab::query::find(&place, player.run(), Moment::default(), stack::lab::movement::Direction::Forward)
            .unwrap();
    assert!(woken < here && player.go(woken));
    let done = work(&player);
    assert!(done.done && done.why.contains("before any check"), "{done:?}");
    assert!(player.progress().beats["woken-too-early"].done);
}

#[test]
fn a_lost_frame_makes_another_world() {
    let mut player = open("handshake");
    go_to(&mut player, "lose-it");
    assert!(!player.act(Act::Change(Change::Delay(3, 500))), "only losses are allowed here");
    assert!(player.act(Act::Change(Change::Drop(9))) && !work(&player).done, "losing data repeats no SYN");
    assert!(player.act(Act::Undo) && work(&player).changes.is_empty());
    assert!(player.act(Act::Change(Change::Drop(4))));
    let done = work(&player);
    assert_eq!(done.changes, ["drop 4"]);
    let at = player.moment();
    assert!(done.reached.is_some_and(|reached| reached < at), "the run has gone on to `run_to`");
    let state = stack::lab::query::Expression::parse("A.sock(2).state == ESTABLISHED").unwrap();
    assert!(stack::lab::query::holds(&state, player.run(), at));
    let [goal, established] = done.beside.as_slice() else { panic!("{:?}", done.beside) };
    assert_eq!((goal.what.as_str(), goal.without), ("A.sock(2).retransmits > 5", None));
    assert!(goal.with.is_some_and(|time| time > 3_000_000));
    assert_eq!(established.what, "A.sock(2).state == ESTABLISHED");
    assert!(established.without < established.with && established.without.is_some(), "later, and not never");
    assert!(player.run().time(at) > 3_000_000, "the SYN is repeated after three seconds");
    assert!(player.progress().beats["lose-it"].done);
}

/// The handshake with its task on the wire before its last question.
fn task_before_a_question() -> Files {
    let mut files = files("handshake");
    let (_, text) = files.files.iter_mut().find(|(name, _)| name == "lesson.toml").expect("it is there");
    let (before, task) = text.split_once("[[beat]]\nid       = \"lose-it\"").expect("the task is there");
    let task = format!("[[beat]]\nid       = \"lose-it\"{task}\n");
    let (first, last) = before.split_once("[[beat]]\nid       = \"last-segment\"").expect("the question is there");
    *text = format!("{first}{task}[[beat]]\nid       = \"last-segment\"{last}");
    files
}

#[test]
fn a_change_that_does_not_reach_the_goal_shows_nothing_of_what_is_still_to_be_asked() {
    let mut player = Player::open(task_before_a_question(), 7).expect("it is read");
    go_to(&mut player, "lose-it");
    let asked = player.masked_from().expect("a question is still to come");
    let time = player.run().time(asked);
    assert!(player.act(Act::Change(Change::Drop(7))) && !work(&player).done);
    let leaves = player.run().frames[6].moment;
    assert_eq!(player.moment(), leaves, "the learner stands where the branch begins");
    let mask = player.masked_from().expect("the branch hides it too").max(leaves);
    assert!(player.run().time(mask) <= time.max(player.run().time(leaves)));
    let end = player.run().end();
    assert!(!player.go(end), "and nobody goes behind it");
    assert!(player.act(Act::Undo) && player.act(Act::Change(Change::Drop(3))) && work(&player).done);
    let reached = player.moment();
    assert!(player.masked_from().is_none_or(|mask| mask >= reached), "what the task has led to is seen");
}

#[test]
fn what_has_happened_by_then_is_asked_of_where_the_goal_came_true() {
    let truth = |ahead: usize| {
        let mut player = open("gate");
        go_to(&mut player, "walk-down");
        let goal = Place::parse("when A.sock(2)").expect("it reads");
        let mut found = reach(&goal, player.run(), Moment::default()).expect("sk#2 is there");
        for _ in 0..ahead {
            found = if found.step < player.run().steps(found.turn) {
                Moment { step: found.step + 1, ..found }
            } else {
                Moment { turn: found.turn + 1, step: 0 }
            };
        }
        assert!(player.go(found));
        let options = question(&player).options.len();
        assert!(answer(&mut player, options - 1, 1));
        verdict(&player).truth.text
    };
    assert!(truth(0).contains("inet_create"));
    assert_eq!(truth(60), truth(0), "whoever has gone too far is asked the same");
}

#[test]
fn calls_of_ones_own_go_through_the_gate() {
    let mut player = open("gate");
    go_to(&mut player, "your-call");
    assert!(!player.act(Act::Write("listen(3, ".to_owned())));
    assert!(work(&player).complaint.expect("the call cannot be read").starts_with("calls:1:"));
    assert!(player.act(Act::Write("close(3)".to_owned())) && !work(&player).done, "close is no socket call");
    assert!(player.act(Act::Write("bind(3, ..., ...)\nlisten(3, 1)".to_owned())));
    assert!(work(&player).done && work(&player).complaint.is_none());
}

#[test]
fn steps_are_put_in_the_order_of_the_run() {
    let mut player = open("handshake");
    go_to(&mut player, "road");
    let Shows::Ranking(mut shown) = player.view(EN).shows else { panic!("steps are to be ordered") };
    let beat = &player.lesson().beats[player.lesson().beat_index("road").unwrap()];
    let lessons::Task::Order { steps } = &beat.task else { panic!("the beat orders") };
    // The file lists them in the order of the run; the test would fail here if it did not.
    let truth: Vec<String> =
        steps.iter().map(|step| player.lesson().text(EN).plain(&format!("road/step {}", step.id))).collect();
    assert_ne!(shown.steps, truth, "the steps are shuffled");
    for (place, wanted) in truth.iter().enumerate() {
        let from = shown.steps.iter().position(|step| step == wanted).unwrap();
        player.act(Act::Choose(from));
        for _ in place..from {
            assert!(player.act(Act::Shift { up: true }));
        }
        let Shows::Ranking(now) = player.view(EN).shows else { panic!("still ordering") };
        shown = now;
    }
    let before = shown.steps.clone();
    assert!(player.act(Act::Answer));
    let Shows::Ranking(done) = player.view(EN).shows else { panic!("the order is marked") };
    assert_eq!(done.right, vec![true; truth.len()]);
    assert_eq!((&done.steps, &done.truth), (&before, &truth));
    assert!(player.progress().beats["road"].done);
}

#[test]
fn a_wrong_order_is_shown_beside_that_of_the_run() {
    let mut player = open("handshake");
    go_to(&mut player, "road");
    let Shows::Ranking(asked) = player.view(EN).shows else { panic!("steps are to be ordered") };
    player.act(Act::Answer);
    let Shows::Ranking(done) = player.view(EN).shows else { panic!("the order is marked") };
    assert_eq!(done.steps, asked.steps, "the learner's own order stays");
    assert_eq!(done.truth[0], "A stores SYN_SENT", "the order of the run is shown");
    let credited: Vec<usize> = done
        .steps
        .iter()
        .zip(&done.right)
        .filter(|(_, right)| **right)
        .map(|(step, _)| done.truth.iter().position(|own| own == step).unwrap())
        .collect();
    assert!(credited.len() >= 2 && credited.is_sorted() && credited.len() < done.steps.len(), "{credited:?}");
    let kept = &player.progress().beats["road"];
    assert!(!kept.done && !kept.skipped);
}

#[test]
fn skipping_shows_the_solution_and_never_locks() {
    for name in content::all().into_iter().map(|files| files.folder) {
        let mut player = open(&name);
        for _ in 0..80 {
            match player.view(EN).shows {
                Shows::Closing(Closing { then_and_now, drawing, say_it_back, .. }) => {
                    assert!(!then_and_now.is_empty() && !drawing.is_empty() && !say_it_back.is_empty());
                    break;
                }
                Shows::Work(work) if work.done => {
                    assert!(!work.why.is_empty());
                    player.act(Act::Next);
                }
                _ => assert!(player.act(Act::Skip)),
            }
        }
        assert!(player.progress().finished, "{name}");
        player.act(Act::Write("mine".to_owned()));
        assert_eq!(player.progress().said, "mine");
        assert!(player.progress().beats.values().any(|beat| beat.skipped));
        assert!(player.act(Act::Back), "one can go back from the end");
    }
}

#[test]
fn the_same_learner_has_the_same_numbers_and_another_has_others() {
    let narration = |seed: u64| Player::open(files("handshake"), seed).unwrap().view(EN).narration;
    assert_eq!(narration(5), narration(5));
    assert_ne!(narration(5), narration(6));
}

#[test]
fn progress_survives_the_program() {
    let mut player = open("handshake");
    go_to(&mut player, "who-moves");
    assert!(answer(&mut player, 0, 1));
    let kept = player.progress().clone();
    let again = Player::resume(files("handshake"), kept.clone()).unwrap();
    assert_eq!(again.progress(), &kept);
    let mut again = again;
    assert!(again.act(Act::Back));
    assert_eq!(
        again.view(EN).beat,
        again.lesson().beat_index("who-moves").unwrap() + 1,
        "it opens behind what was done"
    );
    assert_eq!(question(&again).hint, None);
    assert_eq!(again.masked_from(), Some(again.moment()), "a question that is asked again masks the future again");
}

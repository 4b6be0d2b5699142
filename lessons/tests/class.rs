//! A player before a class: nothing is answered before it is shown, a task can be shown without its question, a beat can be put again.

use lessons::{Act, Files, Player, Shows, Stage, content, load, pace};
use stack::words::Lang;

fn files() -> Files {
    content::named("handshake").expect("the lesson ships")
}

fn class() -> Player {
    Player::open(files(), 7).unwrap().for_class(0).unwrap()
}

/// Goes to the first beat that stands so.
fn to(player: &mut Player, stage: Stage) {
    for _ in 0..40 {
        if player.stage().1 == stage {
            return;
        }
        player.act(if matches!(player.stage().1, Stage::Asked | Stage::Unordered) { Act::Skip } else { Act::Next });
    }
    panic!("the lesson has no {stage:?}");
}

#[test]
fn a_class_knows_nothing_of_the_learner_and_has_the_same_numbers() {
    let mut learner = Player::open(files(), 7).unwrap();
    to(&mut learner, Stage::Asked);
    learner.act(Act::Choose(0));
    learner.act(Act::Certainty(3));
    learner.act(Act::Answer);
    let class = learner.for_class(learner.stage().0).unwrap();
    assert_eq!(class.stage(), (learner.stage().0, Stage::Asked));
    assert_eq!(class.lesson(), learner.lesson());
    assert!(class.progress().beats.is_empty() && class.progress().entries().next().is_none());
    assert_eq!(learner.for_class(99).unwrap().stage().0, 0, "there is no such beat");
}

#[test]
fn the_truth_is_told_when_it_is_shown_and_hidden_when_the_question_is_put_again() {
    let mut class = class();
    to(&mut class, Stage::Asked);
    let (before, mask) = (class.moment(), class.masked_from());
    assert_eq!(class.truth_shown(), None);
    assert!(mask.is_some());
    class.act(Act::Skip);
    assert_eq!((class.stage().1, class.truth_shown()), (Stage::Shown, Some(1)));
    assert!(class.moment() > before);
    class.put_again();
    assert_eq!((class.stage().1, class.truth_shown()), (Stage::Asked, None));
    assert_eq!((class.moment(), class.masked_from()), (before, mask), "the future is hidden again");
}

#[test]
fn a_task_that_is_shown_leaves_its_question_to_the_class() {
    let mut class = class();
    assert!(!class.demonstrate(), "there is no task yet");
    to(&mut class, Stage::Set);
    assert!(class.demonstrate());
    assert_eq!((class.stage().1, class.truth_shown()), (Stage::Asked, None));
    class.act(Act::Skip);
    assert_eq!(class.truth_shown(), Some(1));
    class.act(Act::Next);
    to(&mut class, Stage::Set);
    assert!(class.demonstrate());
    assert_eq!(class.stage().1, Stage::Shown, "one without a question is done");
    for _ in 0..40 {
        class.act(Act::Skip);
    }
    assert_eq!(class.stage(), (class.lesson().beats.len() - 1, Stage::Over));
}

#[test]
fn the_time_of_a_beat_grows_with_its_words_and_its_steps() {
    for files in content::all() {
        let lesson = load(&files, 1).unwrap();
        for lang in Lang::ALL {
            let times: Vec<u64> = lesson.beats.iter().map(|beat| pace::seconds(&lesson, beat, lang)).collect();
            assert!(times.iter().all(|time| *time > 0 && time % 15 == 0 && *time <= 300), "{}: {times:?}", lesson.id);
            let all: u64 = times.iter().sum();
            let minutes = u64::from(lesson.minutes);
            assert!((minutes * 60..=minutes * 180).contains(&all), "{} in class: {all} s", lesson.id);
        }
    }
    let lesson = load(&files(), 1).unwrap();
    let beat = &lesson.beats[lesson.beat_index("who-moves").unwrap()];
    let whole = pace::seconds(&lesson, beat, Lang::En);
    let mut fewer = beat.clone();
    if let lessons::Task::Predict { options, .. } = &mut fewer.task {
        options.truncate(2);
    }
    assert!(pace::seconds(&lesson, &fewer, Lang::En) < whole, "options are steps");
    let mut shorter = lesson.clone();
    shorter.text.en.sections.remove("who-moves/why");
    assert!(pace::seconds(&shorter, beat, Lang::En) < whole, "and words are words");
}

#[test]
fn what_stands_open_is_never_shown_as_answered() {
    for files in content::all() {
        let mut class = Player::open(files, 3).unwrap().for_class(0).unwrap();
        let mut steps = 0;
        while class.stage().1 != Stage::Over {
            steps += 1;
            assert!(steps < 60, "the lesson has no end");
            let shows = class.view(Lang::En).shows;
            match class.stage().1 {
                Stage::Asked => {
                    assert!(matches!(&shows, Shows::Question(question) if question.chosen.is_none()), "{shows:?}");
                }
                Stage::Set => {
                    assert!(matches!(&shows, Shows::Work(work) if !work.done && work.why.is_empty()), "{shows:?}");
                }
                Stage::Unordered => {
                    assert!(matches!(&shows, Shows::Ranking(ranking) if ranking.truth.is_empty()), "{shows:?}");
                }
                Stage::Told => assert_eq!(shows, Shows::Words),
                Stage::Shown => assert!(!matches!(shows, Shows::Words | Shows::Question(_)), "{shows:?}"),
                Stage::Over => {}
            }
            if !class.demonstrate() {
                class.act(Act::Skip);
            }
        }
    }
}

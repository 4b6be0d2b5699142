//! The lesson on the real stack: every place is reached, the run makes exactly one option true, a task is not done before
//! it is done and can be done, and a learner comes through by answering, by erring and by skipping.

use stack::lab::movement::Direction;
use stack::lab::query::{Expression, Hosts, Place, find, holds, reach};
use stack::lab::run::{Moment, Run};
use stack::view::sock::by_number;
use stack::words::{Lang, Words};

use super::fit;
use super::nearest::{at_the_end, moment_of, nearest, truths};
use crate::file::LESSON_FILE;
use crate::lesson::{Beat, Change, Choice, Condition, Lesson, OrderStep, Task};
use crate::load::Files;
use crate::pane::Pane;
use crate::player::{Act, BeatRange, Judgement, Player, Shows, asked_range, came_true, judge, range_of};
use crate::problem::Problem;

/// Moments of an investigation that are looked at.
const MOST_FOUND: usize = 16;

/// Acts after which a player that has not come to its end never will.
const MOST_ACTS: usize = 500;

/// Plays a lesson; the number of its questions.
pub(super) fn check(lesson: &Lesson, files: &Files) -> Result<usize, Vec<Problem>> {
    let run = lesson.open().map_err(|problem| vec![problem])?;
    let mut play = Play { lesson, run, problems: Vec::new(), questions: 0 };
    play.run.play(usize::MAX);
    for host in &play.run.head().hosts {
        if let Some(oops) = &host.kernel.oops {
            let story = format!("{}: {}", host.name, oops.story);
            play.problems.push(Problem::at(
                &lesson.scene,
                (0, 0),
                format!("the kernel dies in this scene: {story}"),
                format!("场景中内核崩溃：{story}"),
            ));
        }
    }
    let mut from = Moment::default();
    for index in 0..lesson.beats.len() {
        let range = range_of(lesson, index, &mut play.run, from);
        play.beat(index, range, from);
        from = range.until;
    }
    if play.problems.is_empty() {
        learners(files, lesson, &mut play.problems);
    }
    if play.problems.is_empty() { Ok(play.questions) } else { Err(play.problems) }
}

struct Play<'a> {
    lesson: &'a Lesson,
    run: Run,
    problems: Vec<Problem>,
    questions: usize,
}

impl Play<'_> {
    fn say(&mut self, line: usize, en: String, zh: String) {
        self.problems.push(Problem::at(LESSON_FILE, (line, 0), en, zh));
    }

    fn beat(&mut self, index: usize, range: BeatRange, from: Moment) {
        let Some(beat) = self.lesson.beats.get(index).cloned() else { return };
        if !range.found {
            let at = beat.at.as_ref().filter(|place| reach(place, &mut self.run, from).is_none());
            let begin = if at.is_some() { from } else { range.at };
            let Some(place) = at.or(beat.until.as_ref()) else { return };
            let near = nearest(&mut self.run, place, begin);
            return self.say(
                beat.line,
                format!("beat {}: the place \"{place}\" is never reached behind the beat before: {}", beat.id, near.en),
                format!("节拍 {}：在上一节拍之后运行不到“{place}”：{}", beat.id, near.zh),
            );
        }
        self.sock(&beat, range);
        match &beat.task {
            Task::Show => {}
            Task::Predict { options, evidence } => {
                self.questions += 1;
                let judgement = judge(&mut self.run, options, evidence, range.at, range.until);
                self.question(&beat, options, &judgement, range);
            }
            Task::Investigate { goal, options, evidence } => {
                let found = self.investigation(index, &beat, goal, range);
                if !options.is_empty() && !found.is_empty() {
                    self.questions += 1;
                    self.answers(&beat, (options, evidence), range, &found);
                }
            }
            Task::Modify { goal, solution, evidence, .. } => {
                let mut solved = self.lesson.with_changes(&mut self.run, solution);
                if let Ok(branch) = &mut solved {
                    self.differs(&beat, (solution, evidence), branch);
                }
                self.task(&beat, goal, solved);
            }
            Task::Make { goal, solution } => {
                let solved = self.lesson.with_calls(&mut self.run, beat.host.as_deref(), solution);
                self.task(&beat, goal, solved);
            }
            Task::Order { steps } => self.order(&beat, steps, range),
        }
    }

    /// The sock that the beat shows exists there.
    fn sock(&mut self, beat: &Beat, range: BeatRange) {
        let Some(number) = beat.sock else { return };
        let world = self.run.seek(range.at).world;
        let host = beat.host.as_ref().or(self.lesson.hosts.first());
        let kernel = host.and_then(|host| Hosts::kernel(&world, host));
        if kernel.is_none_or(|k| by_number(k, number).is_none()) {
            self.say(
                beat.line,
                format!(
                    "beat {}: there is no sk#{number} on its host at this moment; correct `sock` or `host`",
                    beat.id
                ),
                format!("节拍 {}：此时其主机上没有 sk#{number}，请改正 `sock` 或 `host`", beat.id),
            );
        }
    }

    /// Exactly one option holds, and each of the others names what makes people choose it; says whether one does.
    fn one_holds(&mut self, beat: &Beat, options: &[Choice], judgement: &Judgement, range: BeatRange) -> bool {
        let id = &beat.id;
        let held: Vec<&str> = options
            .iter()
            .zip(&judgement.holds)
            .filter(|(_, holds)| **holds)
            .map(|(option, _)| option.id.as_str())
            .collect();
        if held.len() != 1 {
            let (en, zh) = if held.is_empty() {
                ("no option holds after the reveal".to_owned(), "揭晓之后没有一个选项成立".to_owned())
            } else {
                (
                    format!("the options {} all hold after the reveal", held.join(" and ")),
                    format!("揭晓之后选项 {} 都成立", held.join(" 和 ")),
                )
            };
            self.say(
                beat.line,
                format!("beat {id}: {en}; exactly one must: correct its `when` or `until`"),
                format!("节拍 {id}：{zh}；必须恰有一个成立，请改正 `when` 或 `until`"),
            );
            self.what_was_true(beat, options, judgement, range);
            return false;
        }
        for (option, holds) in options.iter().zip(&judgement.holds) {
            if !holds && option.misconception.is_none() {
                self.say(
                    option.line,
                    format!("beat {id}: the wrong option {} names no misconception; add `misconception`", option.id),
                    format!("节拍 {id}：错误选项 {} 没有写明误解，请加 `misconception`", option.id),
                );
            }
            if *holds && option.misconception.is_some() {
                self.say(option.line, format!("beat {id}: the option {} holds in the run and yet names a misconception; remove it or correct `when`", option.id), format!("节拍 {id}：选项 {} 在运行中成立，却写了误解；请删去或改正 `when`", option.id));
            }
        }
        true
    }

    fn question(&mut self, beat: &Beat, options: &[Choice], judgement: &Judgement, range: BeatRange) {
        if !self.one_holds(beat, options, judgement, range) {
            return;
        }
        let id = &beat.id;
        if range.until <= range.at {
            self.say(
                beat.line,
                format!("beat {id}: the answer does not lie in the future; put `until` behind `at`"),
                format!("节拍 {id}：答案不在未来，请把 `until` 放到 `at` 之后"),
            );
        }
        let truth = judgement.truth().and_then(|index| options.get(index)).map(|option| option.when.clone());
        // What must happen, or must not, lies behind the question.
        let shown = |condition: &Condition| match condition {
            Condition::Holds(expression) => holds(expression, &mut self.run, range.at),
            Condition::Happens(_) | Condition::Never(_) => false,
        };
        if truth.is_some_and(|truth| truth.iter().all(shown)) {
            self.say(beat.line, format!("beat {id}: the right option holds before the reveal already, so the panes show it; put `at` earlier"), format!("节拍 {id}：正确选项在提问时已成立，界面上看得到；请把 `at` 提前"));
        }
        self.code(beat, judgement, range);
        self.fits(beat, options, judgement);
        if judgement.evidence.is_empty() {
            self.say(
                beat.line,
                format!(
                    "beat {id}: no step settles the question; `evidence` becomes true nowhere between `at` and `until`"
                ),
                format!("节拍 {id}：没有步骤能给出答案；`evidence` 在 `at` 与 `until` 之间从未成立"),
            );
        }
    }

    /// What every option has asked for when the question was settled, where not exactly one of them holds.
    fn what_was_true(&mut self, beat: &Beat, options: &[Choice], judgement: &Judgement, range: BeatRange) {
        let when = moment_of(&self.run, range.until);
        for (option, holds) in options.iter().zip(&judgement.holds) {
            let told = truths(&mut self.run, &option.when, (range.at, range.until));
            let (en, zh) = if *holds { ("holds", "成立") } else { ("does not hold", "不成立") };
            self.say(
                option.line,
                format!("beat {}: the option {} {en} at {}: {}", beat.id, option.id, when.en, told.en),
                format!("节拍 {}：选项 {} 在{}{zh}：{}", beat.id, option.id, when.zh, told.zh),
            );
        }
    }

    /// Each answer has room on its page for the steps that the run cites.
    fn fits(&mut self, beat: &Beat, options: &[Choice], judgement: &Judgement) {
        for problem in fit::answers(self.lesson, beat, options, judgement.evidence.len()) {
            if !self.problems.contains(&problem) {
                self.problems.push(problem);
            }
        }
    }

    /// The code pane shows the function that runs when the question is asked: if the same one settles it, the answer can be
    /// read there.
    fn code(&mut self, beat: &Beat, judgement: &Judgement, range: BeatRange) {
        if beat.closed.contains(&Pane::Code) {
            return;
        }
        let scene = self.run.seek(range.at);
        let Some(asked) = scene.film.function_at(range.at.step) else { return };
        let Some(piece) = judgement.evidence.iter().find(|piece| piece.function == asked.name) else { return };
        let film = self.run.film(piece.moment.turn);
        let line = film.line_at(piece.moment.step).map_or_else(String::new, |(file, line)| format!(" ({file}:{line})"));
        self.say(
            beat.line,
            format!("beat {}: the code pane shows {}, which settles the question{line}, while it is asked; add closed = [\"code\"]", beat.id, asked.name),
            format!("节拍 {}：提问时代码窗格正显示 {}，答案就在其中{line}；请加 closed = [\"code\"]", beat.id, asked.name),
        );
    }

    /// The same option holds wherever a learner finds the goal fulfilled.
    fn answers(
        &mut self,
        beat: &Beat,
        (options, evidence): (&[Choice], &[Expression]),
        range: BeatRange,
        found: &[Moment],
    ) {
        let mut first = None;
        for found in found.iter().copied() {
            let range = asked_range(beat, range.at, &mut self.run, found);
            let judgement = judge(&mut self.run, options, evidence, range.at, range.until);
            if !self.one_holds(beat, options, &judgement, range) {
                return;
            }
            self.fits(beat, options, &judgement);
            if judgement.evidence.is_empty() {
                let when = moment_of(&self.run, range.until);
                return self.say(
                    beat.line,
                    format!("beat {}: who finds the goal at {} is shown no step that settles the question; choose `evidence` that has become true by then", beat.id, when.en),
                    format!("节拍 {}：在{}找到目标的人看不到判定答案的步骤；请选用到那时已成立的 `evidence`", beat.id, when.zh),
                );
            }
            if first.get_or_insert(judgement.truth()) != &judgement.truth() {
                let when = moment_of(&self.run, range.until);
                return self.say(
                    beat.line,
                    format!("beat {}: at {} the goal holds too, and another option is right there; narrow the goal, or write the options so that one is right wherever it holds", beat.id, when.en),
                    format!("节拍 {}：在{}目标同样成立，但那里正确的是另一个选项；请收紧目标，或改写选项", beat.id, when.zh),
                );
            }
        }
    }

    /// Where the goal holds before a moment: of each stretch the first and the last moment.
    fn fulfilled(&mut self, goal: &Expression, mask: Option<Moment>) -> Vec<Moment> {
        let (holds, ends) = (Place::when(goal.clone()), Place::when(Expression::Not(Box::new(goal.clone()))));
        let mut found = Vec::new();
        let mut from = Some(Moment::default());
        while let Some(first) = from.and_then(|from| reach(&holds, &mut self.run, from)) {
            if mask.is_some_and(|mask| first > mask) || found.len() >= MOST_FOUND {
                break;
            }
            from = find(&ends, &mut self.run, first, Direction::Forward);
            let last = from.map_or_else(|| self.run.end(), |end| before(&self.run, end));
            found.push(first);
            found.push(mask.map_or(last, |mask| last.min(mask)));
        }
        found.dedup();
        found
    }

    /// The moment must lie before everything that is still hidden; where it is.
    fn investigation(&mut self, index: usize, beat: &Beat, goal: &Expression, range: BeatRange) -> Vec<Moment> {
        let place = &Place::when(goal.clone());
        if reach(place, &mut self.run, range.at) == Some(range.at) {
            self.say(
                beat.line,
                format!("beat {}: the goal holds at the beginning already; nothing is left to be found", beat.id),
                format!("节拍 {}：目标一开始就已成立，没有可找的", beat.id),
            );
        }
        let mut mask = None;
        let mut from = range.until;
        for later in index + 1..self.lesson.beats.len() {
            let next = crate::player::range_of(self.lesson, later, &mut self.run, from);
            if matches!(self.lesson.beats.get(later).map(|beat| &beat.task), Some(Task::Predict { .. })) {
                mask = Some(next.at);
                break;
            }
            from = next.until;
        }
        let found = reach(place, &mut self.run, Moment::default());
        if found.is_none_or(|found| mask.is_some_and(|mask| found > mask)) {
            let near = match found {
                Some(found) => {
                    let when = moment_of(&self.run, found);
                    Words::new(
                        format!("it is fulfilled only at {}, behind the next question", when.en),
                        format!("到{}才满足，已在下一个提问之后", when.zh),
                    )
                }
                None => nearest(&mut self.run, place, Moment::default()),
            };
            self.say(
                beat.line,
                format!("beat {}: no moment that may be seen fulfils the goal: {}", beat.id, near.en),
                format!("节拍 {}：可见的时刻中没有满足目标的：{}", beat.id, near.zh),
            );
        }
        self.fulfilled(goal, mask)
    }

    /// What is told of both runs beside each other is not the same in both.
    fn differs(&mut self, beat: &Beat, (changes, evidence): (&[Change], &[Expression]), branch: &mut Run) {
        for expression in evidence {
            let place = Place::when(expression.clone());
            if came_true(&place, &mut self.run, changes) == came_true(&place, branch, changes) {
                self.say(
                    beat.line,
                    format!("beat {}: the evidence {expression} comes true at the same time in both runs, or in neither, and shows no difference; choose another, or leave it out", beat.id),
                    format!("节拍 {}：证据 {expression} 在两次运行中于同一时刻成立（或都不成立），看不出差别；请换一个或删去", beat.id),
                );
            }
        }
    }

    /// The goal is not reached in the run as it is, and is in the branch that the solution makes.
    fn task(&mut self, beat: &Beat, goal: &Expression, solved: Result<Run, Problem>) {
        let place = Place::when(goal.clone());
        if reach(&place, &mut self.run, Moment::default()).is_some() {
            self.say(
                beat.line,
                format!("beat {}: the goal is reached without any change; ask for something that needs one", beat.id),
                format!("节拍 {}：不作任何修改目标就已达到，请换一个需要修改的目标", beat.id),
            );
        }
        let mut branch = match solved {
            Ok(branch) => branch,
            Err(problem) => return self.problems.push(problem),
        };
        if reach(&place, &mut branch, Moment::default()).is_none() {
            let told = at_the_end(&mut branch, goal);
            self.say(
                beat.line,
                format!("beat {}: the solution does not reach the goal: {}", beat.id, told.en),
                format!("节拍 {}：`solution` 达不到目标：{}", beat.id, told.zh),
            );
        }
    }

    fn order(&mut self, beat: &Beat, steps: &[OrderStep], range: BeatRange) {
        let mut moments = Vec::new();
        for step in steps {
            match reach(&step.at, &mut self.run, Moment::default()) {
                Some(moment) if moment <= range.until && !moments.contains(&moment) => moments.push(moment),
                Some(moment) => {
                    let when = moment_of(&self.run, moment);
                    self.say(
                        beat.line,
                        format!(
                            "beat {}: the step {} has not been reached by then, or stands at the same moment as another: it is at {}",
                            beat.id, step.id, when.en
                        ),
                        format!("节拍 {}：步骤 {} 此时还没有到达，或与另一步骤同时：它在{}", beat.id, step.id, when.zh),
                    );
                }
                None => {
                    let near = nearest(&mut self.run, &step.at, Moment::default());
                    self.say(
                        beat.line,
                        format!("beat {}: the step {} has not been reached by then: {}", beat.id, step.id, near.en),
                        format!("节拍 {}：步骤 {} 此时还没有到达：{}", beat.id, step.id, near.zh),
                    );
                }
            }
        }
    }
}

/// The moment before one.
fn before(run: &Run, moment: Moment) -> Moment {
    match (moment.step, moment.turn) {
        (0, 0) => moment,
        (0, turn) => Moment { turn: turn - 1, step: run.steps(turn - 1) },
        (step, turn) => Moment { turn, step: step - 1 },
    }
}

/// Three learners: one is right, one is wrong first, one skips. Each comes to the end.
fn learners(files: &Files, lesson: &Lesson, problems: &mut Vec<Problem>) {
    for way in [Way::Right, Way::Wrong, Way::Skip] {
        let mut player = match Player::open(files.clone(), lesson.seed) {
            Ok(player) => player,
            Err(more) => return problems.extend(more),
        };
        for _ in 0..MOST_ACTS {
            if player.progress().finished {
                break;
            }
            step(&mut player, way);
        }
        if !player.progress().finished {
            let name = format!("{way:?}").to_lowercase();
            problems.push(Problem::at(
                LESSON_FILE,
                (0, 0),
                format!("a learner whose way is \"{name}\" does not come to the end"),
                format!("“{name}”方式的学习者走不到结尾"),
            ));
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Right,
    Wrong,
    Skip,
}

fn step(player: &mut Player, way: Way) {
    let shows = player.view(Lang::En).shows;
    let beat = player.view(Lang::En).beat - 1;
    match (way, shows) {
        (_, Shows::Words | Shows::Verdict(_) | Shows::Closing(_)) => {
            player.act(Act::Next);
        }
        (_, Shows::Work(work)) if work.done => {
            player.act(Act::Next);
        }
        (_, Shows::Ranking(ranking)) if ranking.is_answered() => {
            player.act(Act::Next);
        }
        (Way::Skip, _) => {
            player.act(Act::Skip);
        }
        (_, Shows::Question(question)) => {
            let truth = player.truth(beat);
            let choice = (0..question.options.len()).find(|option| (Some(*option) == truth) == (way == Way::Right));
            player.act(Act::Choose(choice.unwrap_or(0)));
            player.act(Act::Certainty(3));
            player.act(Act::Hint);
            player.act(Act::Answer);
        }
        (_, Shows::Ranking(_)) => {
            player.act(Act::Answer);
        }
        (_, Shows::Work(_)) => {
            player.act(Act::Skip);
        }
    }
}

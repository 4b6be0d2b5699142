//! A walk through a lesson: the player of the lesson engine decides where the cursor may stand and what is told; the run is walked
//! like any other.

use lessons::{Act, Change, Player, Progress, Shows, View};
use stack::lab::movement::{Direction as Way, Movement};
use stack::lab::run::Moment;

use crate::i18n::Lang;
use crate::picture::ladder::InitialNumbers;
use crate::picture::pane::Pane;
use crate::picture::{Beat, Certainty, Closing, Lesson, Question, Ranking, Source, Verdict, Work};
use crate::session::contract::LessonAct;
use crate::session::held::Held;
use crate::session::motion::WireAct;
use crate::session::step_numbers::Moments;
use crate::session::{Course, Walk};

/// How long a learner's delay holds a frame back, in milliseconds.
const DELAY: u64 = 500;

/// A lesson being played, and who keeps what was done in it.
pub(super) struct Tutor {
    player: Player,
    keep: Box<dyn FnMut(&Progress)>,
}

impl Tutor {
    pub(super) fn player(&self) -> &Player {
        &self.player
    }

    pub(super) fn player_mut(&mut self) -> &mut Player {
        &mut self.player
    }
}

impl Walk {
    /// A walk through a lesson; `keep` is told of every change of the learner's progress.
    #[must_use]
    pub fn lesson(mut player: Player, keep: Box<dyn FnMut(&Progress)>) -> Self {
        let title = player.view(Lang::En).title;
        let beginning = player.run().before(0);
        let at = player.moment();
        let course = Course::new(Held::Lesson(Box::new(Tutor { player, keep })), at);
        Self::of_course(title, Source::Lab, beginning, course)
    }

    fn tutor(&mut self) -> Option<&mut Tutor> {
        match &mut self.course()?.run {
            Held::Lesson(tutor) => Some(tutor),
            _ => None,
        }
    }

    /// Whether a lesson is open.
    pub(super) fn is_lesson(&self) -> bool {
        matches!(self.courses.get(self.course).map(|course| &course.run), Some(Held::Lesson(_)))
    }

    /// One movement, as far as the lesson lets the cursor go.
    pub(super) fn moved_in_lesson(&mut self, movement: Movement, way: Way) -> bool {
        let Some(course) = self.courses.get_mut(self.course) else { return false };
        let from = course.at;
        course.run.moved(from, movement, way).is_some_and(|next| self.stand_in_lesson(next))
    }

    /// Puts the cursor at a moment, if the lesson lets it stand there.
    pub(super) fn stand_in_lesson(&mut self, moment: Moment) -> bool {
        let Some(tutor) = self.tutor() else { return false };
        let may = tutor.player.go(moment);
        if may {
            (tutor.keep)(tutor.player.progress());
            self.stand_at(moment);
        }
        may
    }

    /// The last moment that is not hidden, where something is.
    pub(super) fn mask(&mut self) -> Option<Moment> {
        self.tutor()?.player.masked_from()
    }

    /// Does what a learner asks.
    pub(super) fn learn(&mut self, act: LessonAct) -> bool {
        let act = match act {
            LessonAct::Next => Act::Next,
            LessonAct::Back => Act::Back,
            LessonAct::Choose(option) => Act::Choose(option),
            LessonAct::Certainty(level) => Act::Certainty(level + 1),
            LessonAct::Answer => Act::Answer,
            LessonAct::Skip => Act::Skip,
            LessonAct::Hint => Act::Hint,
            LessonAct::Shift { up } => Act::Shift { up },
            LessonAct::Undo => Act::Undo,
            LessonAct::Write(text) => Act::Write(text),
        };
        self.play(act)
    }

    /// Changes the wire as the lesson allows.
    pub(super) fn change_in_lesson(&mut self, act: WireAct, frame: u64) -> bool {
        let change = match act {
            WireAct::Drop => Change::Drop(frame),
            WireAct::Duplicate => Change::Duplicate(frame),
            WireAct::Delay => Change::Delay(frame, DELAY),
            WireAct::Corrupt => return false,
        };
        self.play(Act::Change(change))
    }

    /// The player acts; it may have put another run under the cursor.
    fn play(&mut self, act: Act) -> bool {
        let Some(tutor) = self.tutor() else { return false };
        let done = tutor.player.act(act);
        (tutor.keep)(tutor.player.progress());
        let at = tutor.player.moment();
        if let Some(course) = self.course() {
            course.at = at;
            course.moments = Moments::default();
            course.initial_numbers = InitialNumbers::default();
        }
        done
    }
}

/// What the screen shows of a lesson.
pub(super) fn lesson(player: &Player, moments: &Moments, lang: Lang) -> (Lesson, Option<String>) {
    let View { title, beat, beats, narration, pane, host, shows, .. } = player.view(lang);
    let shows = match shows {
        Shows::Words => Beat::Words,
        Shows::Question(question) => Beat::Predict(Question {
            text: question.text,
            options: question.options,
            chosen: question.chosen,
            certainty: match question.certainty {
                lessons::Certainty::Guessing => Certainty::Guessing,
                lessons::Certainty::Fairly => Certainty::Fairly,
                lessons::Certainty::Certain => Certainty::Certain,
            },
            hint: hint(question.hint),
        }),
        Shows::Verdict(verdict) => Beat::Reveal(Verdict {
            right: verdict.right(),
            reply: verdict.answer.as_ref().map_or(String::new(), |answer| answer.reply.clone()),
            answer: verdict.answer.map(|answer| answer.text),
            truth: verdict.truth.text,
            evidence: verdict
                .evidence
                .into_iter()
                .map(|settled| (moments.number(settled.moment), settled.text))
                .collect(),
            why: verdict.why,
        }),
        Shows::Work(work) => Beat::Work(Work {
            text: work.text,
            done: work.done,
            changes: work.changes,
            why: work.why,
            hint: hint(work.hint),
            complaint: work.complaint,
        }),
        Shows::Ranking(ranking) => Beat::Ranking(Ranking {
            text: ranking.text,
            steps: ranking.steps,
            chosen: ranking.chosen,
            right: ranking.right,
            why: ranking.why,
            hint: hint(ranking.hint),
        }),
        Shows::Closing(lessons::Closing { then_and_now, drawing, say_it_back, said }) => {
            Beat::Closing(Closing { then_and_now, drawing, say_it_back, said })
        }
    };
    (Lesson { title, beat, beats, narration, shows, pane: pane.map(of_lesson) }, host)
}

fn hint(hint: Option<(u8, String)>) -> Option<(usize, String)> {
    hint.map(|(number, text)| (usize::from(number), text))
}

fn of_lesson(pane: lessons::Pane) -> Pane {
    match pane {
        lessons::Pane::Path => Pane::Path,
        lessons::Pane::Code => Pane::Code,
        lessons::Pane::Stack => Pane::Stack,
        lessons::Pane::Sock => Pane::Sock,
        lessons::Pane::State => Pane::State,
        lessons::Pane::Queues => Pane::Queues,
        lessons::Pane::Arp => Pane::Arp,
        lessons::Pane::Ladder => Pane::Ladder,
        lessons::Pane::Frame => Pane::Frame,
        lessons::Pane::Bytes => Pane::Bytes,
        lessons::Pane::Timers => Pane::Timers,
    }
}

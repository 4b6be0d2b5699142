//! A session: a run that a person walks, with the branches that were made of it, marks and stops.
//!
//! Whoever shows it asks for the [`Picture`] of the present moment and tells it to travel or to act; every verb answers with an
//! [`Answer`] that says what came of it. What differs between kinds of run stands behind one trait, [`origin::Origin`].
//! Promise: nothing here knows a terminal; a search that finds nothing changes nothing.

pub mod answer;
pub mod branch;
pub mod call_line;
pub mod captures;
pub mod class;
mod class_verbs;
pub mod compare;
pub mod follow;
pub mod go;
pub mod keep;
pub mod lab;
mod lesson;
pub mod lesson_driver;
#[cfg(live)]
pub mod live;
mod lookahead;
pub mod motion;
mod notes;
pub mod observed;
pub mod origin;
pub mod past;
pub mod reached;
pub mod reasons;
mod replay;
mod replayed;
pub mod sighting;
mod step_numbers;
pub mod stops;
mod stops_shown;
mod surveying;
mod typed_call;
pub mod walked;
pub mod why;

use std::collections::BTreeMap;

use lessons::{Act, Player, Progress};
use stack::lab::movement::Movement;
use stack::lab::query::{Known, Place, QueryError, reach};
use stack::lab::run::{Moment, Run};
use stack::lab::why::Inquiry;

use self::answer::{Answer, Refused};
use self::branch::{Branch, Focus, first_interesting};
use self::lab::Lab;
use self::lesson_driver::LessonDriver;
use self::lookahead::Wanted;
use self::motion::{Direction, Motion};
use self::origin::{Origin, RealTime};
use self::replayed::Replayed;
use self::stops::{Purpose, Pursuit, Stops};
use self::surveying::Surveying;
use crate::i18n::{Lang, Message, Words};
use crate::picture::proc_net::{ProcFile, ProcText};
use crate::picture::skb::SkbCard;
use crate::picture::sock_list::SockPlace;
use crate::picture::{Picture, Source, TimelineMark};
use crate::refusal::Refusal;

/// How a picture is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureRequest {
    /// How many hosts behind the one that acts the one is that is looked at.
    pub switched: usize,
    /// Whether sequence numbers count from the first of the connection.
    pub relative: bool,
    /// The language of everything that the run says.
    pub lang: Lang,
}

/// A run under the cursor, its branches, marks and stops.
pub struct Session {
    title: String,
    /// Never empty; the first one is what was opened.
    branches: Vec<Branch>,
    /// The branch under the cursor: always one of them.
    branch: usize,
    /// Marks by letter: a branch, and a moment of it.
    marks: BTreeMap<char, (usize, Moment)>,
    stops: Stops,
    focus: Option<Focus>,
    /// The sock that a person has chosen to look at; none while the picture follows the step.
    chosen: Option<SockPlace>,
    pursuit: Option<Pursuit>,
    /// The question that is being looked into.
    inquiry: Option<Inquiry>,
    remark: Option<Words<String>>,
    surveying: Surveying,
    /// What the first branch replays, where it replays a capture.
    replay: Option<Box<Replayed>>,
    /// The microsecond of the first branch that is second 0 of the capture it replays; 0 where it is no replay.
    start: u64,
}

impl Session {
    /// A session on a run of the laboratory, a script or a capture, standing where its programs begin.
    #[must_use]
    pub fn new(title: impl Into<String>, source: Source, run: Run) -> Self {
        let origin = Lab::new(run, source);
        let at = first_interesting(origin.run());
        Self::of_origin(title, Box::new(origin), at)
    }

    /// A session on a lesson; `keep` is told of every change of the learner's progress.
    #[must_use]
    pub fn of_lesson(player: Player, keep: Box<dyn FnMut(&Progress)>) -> Self {
        let at = player.moment();
        Self::of_origin(String::new(), Box::new(LessonDriver::new(player, keep)), at)
    }

    /// A session on a live stack; time runs until somebody pauses it.
    #[cfg(live)]
    #[must_use]
    pub fn of_live(started: crate::live::start::Started) -> Self {
        let title = started.title();
        let origin = live::Live::new(started);
        let at = origin.run().end();
        Self::of_origin(title, Box::new(origin), at)
    }

    /// A session on any origin, with the cursor at a moment.
    #[must_use]
    pub fn of_origin(title: impl Into<String>, origin: Box<dyn Origin>, at: Moment) -> Self {
        Self {
            title: title.into(),
            branches: vec![Branch::new(origin, None, at)],
            branch: 0,
            marks: BTreeMap::new(),
            stops: Stops::default(),
            focus: None,
            chosen: None,
            pursuit: None,
            inquiry: None,
            remark: None,
            surveying: Surveying::default(),
            replay: None,
            start: 0,
        }
    }

    /// The same with something a person should know of what was opened.
    #[must_use]
    pub fn with_remark(self, remark: Option<Words<String>>) -> Self {
        Self { remark, ..self }
    }

    /// Puts the cursor at the first place of the run that fits, written as stops are; where there is none it stays.
    pub fn begin_at(&mut self, place: &str) {
        let found = stops::read(place).ok().and_then(|place| reach(&place, self.run(), Moment::default()));
        if let Some(moment) = found {
            self.stand_at(moment);
        }
    }

    /// What a person should know of what was opened, told once.
    pub fn take_remark(&mut self) -> Option<Words<String>> {
        self.remark.take()
    }

    /// Every branch, the first one being what was opened.
    #[must_use]
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    fn branch_mut(&mut self) -> &mut Branch {
        &mut self.branches[self.branch]
    }

    /// The present moment.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.branches[self.branch].at
    }

    /// The run under the cursor.
    pub fn run(&mut self) -> &mut Run {
        self.branch_mut().origin.run_mut()
    }

    /// The picture of the present moment.
    pub fn picture(&mut self, request: PictureRequest) -> Picture {
        let (branch, branches) = (self.branch, self.branches.len());
        let marks: Vec<Moment> =
            self.marks.values().filter(|(place, _)| *place == branch).map(|(_, moment)| *moment).collect();
        let (chosen, surveying) = (self.chosen, self.surveying);
        let here = &mut self.branches[branch];
        let (mut picture, focus) = here.picture(request, chosen, surveying);
        for mark in marks {
            let step = here.number(mark);
            picture.timeline.marks.push((step, TimelineMark::Mark));
        }
        here.show_stops(&self.stops, &mut picture);
        picture.title = picture.lesson.as_ref().map_or_else(|| self.title.clone(), |lesson| lesson.title.clone());
        picture.branches = self.branch_rows(request.lang);
        self.beside_capture(&mut picture, request.lang);
        if branches > 1 {
            let which = Message::BranchOf.fill(request.lang, &[&(branch + 1).to_string(), &branches.to_string()]);
            let here = picture.branches.iter().find(|row| row.here).and_then(|row| row.what.as_ref());
            let what = here.map_or_else(String::new, |what| format!(": {what}"));
            picture.title = format!("{} · {which}{what}", picture.title);
        }
        self.focus = focus;
        picture
    }

    /// Chooses the sock that pictures show, and its host, whatever the step speaks of; `None` lets them follow the step again.
    /// The choice holds at every moment and in every branch, also where there is no such sock.
    pub fn choose_sock(&mut self, chosen: Option<SockPlace>) {
        self.chosen = chosen;
    }

    /// The sock that a person has chosen.
    #[must_use]
    pub fn chosen_sock(&self) -> Option<SockPlace> {
        self.chosen
    }

    /// Folds what a call of the present turn calls away in the outline, or unfolds it; the call by the step of its entry.
    pub fn fold(&mut self, entry: usize) {
        self.branch_mut().fold(entry);
    }

    /// The card of a buffer at the present moment, by its host and number; none where it is gone.
    pub fn skb_card(&mut self, place: (usize, u32), request: PictureRequest) -> Option<SkbCard> {
        self.branch_mut().skb_card(place, request)
    }

    /// The buffer that the present step has in hand: its host and number.
    pub fn skb_in_hand(&mut self) -> Option<(usize, u32)> {
        self.branch_mut().skb_in_hand()
    }

    /// A text of /proc/net on the host that is looked at, at the present moment.
    pub fn proc_net(&mut self, request: PictureRequest, file: ProcFile) -> ProcText {
        self.branch_mut().proc_net(request, file)
    }

    /// Moves by one motion.
    pub fn travel(&mut self, motion: Motion, direction: Direction) -> Answer {
        self.give_up();
        if let Some(outside) = self.branch_mut().origin.outside() {
            outside.set_running(false);
        }
        let movement = match motion {
            Motion::Into => Movement::Into,
            Motion::Over => Movement::Over,
            Motion::Out => Movement::Out,
            Motion::Micro => Movement::Micro,
            Motion::Frame => Movement::Frame,
            Motion::State => Movement::State,
            Motion::Timer => Movement::Timer,
            Motion::Layer => Movement::Layer,
            Motion::Run => return self.run_to_stop(direction),
            Motion::End => return self.run_to_end(direction),
        };
        match self.next(movement, direction) {
            Some(next) => self.stand_at(next),
            None => self.none(motion, direction),
        }
    }

    /// Where a movement leads; behind the end the run goes on, if something of that kind comes there.
    fn next(&mut self, movement: Movement, direction: Direction) -> Option<Moment> {
        let branch = self.branch_mut();
        let at = branch.at;
        let next = branch.origin.run_mut().moved(at, movement, direction);
        if next.is_some() || direction == Direction::Backward || !branch.origin.extend(Wanted::of(movement)) {
            return next;
        }
        branch.origin.run_mut().moved(at, movement, direction)
    }

    fn none(&mut self, motion: Motion, direction: Direction) -> Answer {
        let hidden = direction == Direction::Forward && self.branch_mut().origin.hides_from().is_some();
        if hidden { Answer::Masked } else { Answer::None { motion, direction } }
    }

    fn run_to_end(&mut self, direction: Direction) -> Answer {
        let branch = self.branch_mut();
        let run = branch.origin.run();
        let mut target = match direction {
            Direction::Forward => run.end(),
            Direction::Backward => {
                let turn = run.turns.iter().position(|entry| entry.steps() > 0).unwrap_or(0);
                Moment { turn, step: usize::from(run.steps(turn) > 0) }
            }
        };
        if let Some(mask) = branch.origin.hides_from() {
            target = target.min(mask);
        }
        target = branch.crash_before(target, direction).unwrap_or(target);
        if target == branch.at { self.none(Motion::End, direction) } else { self.stand_at(target) }
    }

    /// Puts the cursor at a moment of the run.
    pub fn stand_at(&mut self, moment: Moment) -> Answer {
        if self.branch_mut().stand(moment) { Answer::Moved } else { Answer::Masked }
    }

    /// Moves to a step by its number, to the nearest one where it lies outside.
    pub fn go_to(&mut self, step: u64) -> Answer {
        let branch = self.branch_mut();
        if let Some(outside) = branch.origin.outside() {
            outside.set_running(false);
        }
        let mut target = branch.moment(step);
        if let Some(mask) = branch.origin.hides_from() {
            target = target.min(mask);
        }
        if target == branch.at {
            return Answer::None { motion: Motion::End, direction: Direction::Forward };
        }
        self.stand_at(target)
    }

    /// Moves to where a frame leaves (or, of one from outside, arrives), by its number.
    pub fn go_to_frame(&mut self, frame: u64) -> Answer {
        let record = self.run().frames.iter().find(|record| record.sent.number == frame);
        match record.map(|record| record.moment) {
            Some(moment) => self.stand_at(moment),
            None => Answer::Refused(Refused::NoSuchFrame(frame)),
        }
    }

    // --- stops ---

    /// The stops.
    #[must_use]
    pub fn stops(&self) -> &Stops {
        &self.stops
    }

    /// Sets a stop, or removes it where it is set; says whether it is set now.
    ///
    /// # Errors
    /// The place cannot be read.
    pub fn toggle_stop(&mut self, place: &str) -> Result<bool, Refused> {
        Ok(self.stops.toggle(stops::read(place)?))
    }

    /// Sets the stop that a person has typed, and gives it as it is listed.
    ///
    /// # Errors
    /// What is wrong with it and where, or that the run has no such host.
    pub fn type_stop(&mut self, place: &str) -> Result<String, QueryError> {
        let place = stops::read_for(place, self.branches[self.branch].origin.run())?;
        let text = place.to_string();
        self.stops.set(place);
        Ok(text)
    }

    /// What the present moment has that a stop can name.
    pub fn known(&mut self) -> Known {
        let at = self.moment();
        Known::of(&self.run().seek(at).world)
    }

    /// Switches a stop on or off by its place in the list; gives its text and whether it stops now.
    ///
    /// # Errors
    /// There is none at that place.
    pub fn switch_stop(&mut self, index: usize) -> Result<(String, bool), Refused> {
        let stop = self.stops.switch(index).ok_or(Refused::NothingSelected)?;
        Ok((stop.place.to_string(), stop.on))
    }

    /// Removes a stop by its place in the list, and gives its text.
    ///
    /// # Errors
    /// There is none at that place.
    pub fn remove_stop(&mut self, index: usize) -> Result<String, Refused> {
        self.stops.remove(index).map(|stop| stop.place.to_string()).ok_or(Refused::NothingSelected)
    }

    /// Looks for the next place of one stop alone, whether it is on or not.
    pub fn run_to_one(&mut self, index: usize, direction: Direction) -> Answer {
        match self.stops.all().get(index).map(|stop| stop.place.clone()) {
            Some(place) => self.pursue(vec![place], direction),
            None => Answer::Refused(Refused::NothingSelected),
        }
    }

    /// The place at which a host enters a function, for [`Session::toggle_stop`].
    ///
    /// # Errors
    /// There is no function.
    pub fn place_of_function(&self, host: &str, function: &str) -> Result<String, Refused> {
        if function.is_empty() { Err(Refused::NothingSelected) } else { Ok(format!("{host}: enter {function}")) }
    }

    /// The place at which a field of the sock under focus changes.
    ///
    /// # Errors
    /// No sock is shown, or no field of it is selected.
    pub fn place_of_field(&self, field: &str) -> Result<String, Refused> {
        let focus = self.focus.as_ref().filter(|_| !field.is_empty()).ok_or(Refused::NothingSelected)?;
        Ok(format!("when {}.sock({}).{field} changes", focus.host, focus.sk))
    }

    fn run_to_stop(&mut self, direction: Direction) -> Answer {
        let places = self.stops.places();
        if places.is_empty() {
            let answer = self.run_to_end(direction);
            return if answer.moved() { answer } else { Answer::NoStop { stops: 0, direction } };
        }
        self.pursue(places, direction)
    }

    fn pursue(&mut self, places: Vec<Place>, direction: Direction) -> Answer {
        if let Some(outside) = self.branch_mut().origin.outside() {
            outside.set_running(false);
        }
        let from = self.moment();
        self.pursuit = Some(Pursuit::new(places, from, direction, Purpose::Stop));
        Answer::Searching
    }

    /// Looks for the step that last wrote a field of the sock under focus.
    pub fn run_to_writer(&mut self, field: &str) -> Answer {
        self.give_up();
        let place = self.place_of_field(field).and_then(|place| Ok((stops::read(&place)?, place)));
        match place {
            Ok((place, text)) => {
                let name = text.trim_start_matches("when ").trim_end_matches(" changes").to_owned();
                let from = self.moment();
                self.pursuit = Some(Pursuit::new(vec![place], from, Direction::Backward, Purpose::Writer(name)));
                Answer::Searching
            }
            Err(refused) => Answer::Refused(refused),
        }
    }

    /// Whether a search is under way.
    #[must_use]
    pub fn searching(&self) -> Option<(usize, usize)> {
        self.pursuit.as_ref().map(|pursuit| pursuit.progress).or_else(|| self.played_towards())
    }

    /// Gives a search up; the cursor stays where it is.
    pub fn give_up(&mut self) {
        self.pursuit = None;
        self.inquiry = None;
        if let Some(replay) = &mut self.replay {
            replay.sought = None;
        }
    }

    /// Looks through so many turns more.
    pub fn proceed(&mut self, turns: usize) -> Answer {
        if self.plays_on() {
            return self.play_towards(turns);
        }
        let Some(mut pursuit) = self.pursuit.take() else {
            return Answer::None { motion: Motion::Run, direction: Direction::Forward };
        };
        match pursuit.proceed(self.branch_mut().origin.run_mut(), turns) {
            None => {
                self.pursuit = Some(pursuit);
                Answer::Searching
            }
            Some(Some(hit)) => {
                let crash = self.branch_mut().crash_before(hit.moment, pursuit.direction);
                let is_stop = pursuit.purpose == Purpose::Stop;
                match (self.stand_at(crash.filter(|_| is_stop).unwrap_or(hit.moment)), is_stop) {
                    (Answer::Moved, true) if crash.is_none() => {
                        let reached = pursuit.reached(&hit, self.branch_mut().origin.run_mut());
                        self.branch_mut().reached.insert(hit.moment);
                        Answer::Stopped(reached)
                    }
                    (answer, _) => answer,
                }
            }
            Some(None) => match pursuit.purpose {
                Purpose::Writer(field) => Answer::NoWriter(field),
                Purpose::Stop => match self.branch_mut().crash_from(pursuit.direction) {
                    Some(crash) => self.stand_at(crash),
                    None => Answer::NoStop { stops: pursuit.count(), direction: pursuit.direction },
                },
            },
        }
    }

    /// Looks until there is an answer: for whoever has nobody to show its progress to.
    pub fn settle(&mut self, answer: Answer) -> Answer {
        if answer == Answer::Searching { self.proceed(usize::MAX) } else { answer }
    }

    // --- marks ---

    /// Sets a mark on the present moment.
    pub fn set_mark(&mut self, letter: char) {
        let at = self.moment();
        self.marks.insert(letter, (self.branch, at));
    }

    /// The marks that are set, by letter, each with the number of its step in its branch.
    pub fn marks(&mut self) -> Vec<(char, u64)> {
        let branches = &mut self.branches;
        let number = |(letter, (branch, moment)): (&char, &(usize, Moment))| {
            branches.get_mut(*branch).map(|branch| (*letter, branch.number(*moment)))
        };
        self.marks.iter().filter_map(number).collect()
    }

    /// Moves to a mark; `false` where there is none of that letter.
    pub fn go_to_mark(&mut self, letter: char) -> bool {
        let Some((branch, moment)) = self.marks.get(&letter).copied() else { return false };
        self.branch = branch;
        self.stand_at(moment).moved()
    }

    // --- what only some runs have ---

    /// The side of the run that real time drives, where it has one.
    pub fn outside(&mut self) -> Option<&mut dyn RealTime> {
        self.branch_mut().origin.outside()
    }

    /// Begins again: a live host is switched on anew, any other run is put to its start.
    ///
    /// # Errors
    /// Why the recording of the live session does not have everything that happened.
    pub fn restart(&mut self) -> Result<Answer, Refusal> {
        let number = self.branch;
        let branch = self.branch_mut();
        let Some(outside) = branch.origin.outside() else { return Ok(self.run_to_end(Direction::Backward)) };
        let closed = outside.boot();
        branch.forget();
        self.marks.retain(|_, (of, _)| *of != number);
        self.ride_along();
        closed.map(|()| Answer::Moved)
    }

    /// Puts the cursor at the end of the run, where a session that runs by itself has it.
    ///
    /// A run of days begins afresh now and then; what was gathered about the moments before goes with them.
    pub fn ride_along(&mut self) {
        let number = self.branch;
        let branch = self.branch_mut();
        if branch.has_begun_afresh() {
            branch.forget();
            self.marks.retain(|_, (of, _)| *of != number);
        }
        let end = self.branch_mut().origin.run().end();
        self.stand_at(end);
    }

    /// Does what a learner asks.
    ///
    /// # Errors
    /// No lesson is open, or it has no use for that now.
    pub fn learn(&mut self, act: Act) -> Result<(), Refused> {
        let branch = self.branch_mut();
        let Some(driver) = branch.origin.lesson() else { return Err(Refused::NoLesson) };
        let done = driver.act(act);
        let at = driver.player().moment();
        branch.at = at;
        branch.forget();
        if done { Ok(()) } else { Err(Refused::NotAsked) }
    }
}

//! A walk: the cursor on a run of the laboratory, and the pictures of where it stands.
//!
//! Everything shown is taken from the scene of the present moment and from the scene of the step before it; a picture is a
//! pure function of the moment, so going back shows what was shown. What a person does to the wire makes another course of the same
//! beginning; the old one is kept.

pub mod call_line;
pub mod contract;
mod held;
mod lesson;
#[cfg(live)]
pub mod live;
pub mod motion;
mod step_numbers;
mod stops;
mod typed_call;

use std::collections::BTreeMap;
use std::sync::Arc;
#[cfg(live)]
use std::time::Duration;

use stack::include::tcp::TcpState;
use stack::kernel::probe::Event;
use stack::lab::journal::Act;
use stack::lab::movement::{Direction as Way, Movement};
use stack::lab::run::{Moment, Run as LabRun, Scene};
use stack::lab::world::{Cause, Medium, World};
use stack::link::wire::Fate;

use crate::i18n::{Lang, Message};
#[cfg(live)]
use crate::outside::Notify;
use crate::picture::ladder::InitialNumbers;
use crate::picture::proc_net::ProcFile;
use crate::picture::proc_net::ProcText;
use crate::picture::{Frame, Host, Picture, Source, State, Timeline, TimelineMark};
use crate::picture::{calls, code, frame, ladder, neighbours, queues, socks, timeline};
use crate::session::call_line::{Complaint, Surroundings};
#[cfg(live)]
use crate::session::contract::Flowing;
use crate::session::contract::{Ask, LessonAct, Run};
use crate::session::held::Held;
use crate::session::motion::{Direction, Motion, WireAct};
use crate::session::step_numbers::Moments;
use crate::session::typed_call::Typed;

/// Turns that are taken at the start, so that the timeline shows the run as a whole.
const FIRST_TURNS: usize = 20_000;
/// How long a frame is held back by a person's wish, in microseconds.
const DELAY: u64 = 500_000;

/// One course of events: the run, and what was gathered about it.
struct Course {
    run: Held,
    moments: Moments,
    initial_numbers: InitialNumbers,
    at: Moment,
    /// The calls a person has typed.
    typed: Vec<Typed>,
    /// How many of their results have been told.
    told: usize,
}

/// The cursor on a run.
pub struct Walk {
    title: String,
    source: Source,
    /// The world before anything happened, for other courses.
    beginning: World,
    courses: Vec<Course>,
    course: usize,
    /// Whether time goes on by itself behind the horizon of the journal.
    open_ended: bool,
    marks: BTreeMap<char, Moment>,
    breaks: Vec<String>,
    watches: Vec<(u32, String)>,
    shown: Option<u32>,
}

impl Walk {
    /// A walk through a run, standing where its programs begin.
    #[must_use]
    pub fn new(title: impl Into<String>, source: Source, mut run: LabRun) -> Self {
        let beginning = run.before(0);
        run.play(FIRST_TURNS);
        let open_ended = matches!(run.head().medium, Medium::Simulated(_));
        let at = first_interesting(&run);
        let mut walk = Self::of_course(title, source, beginning, Course::new(Held::Own(Box::new(run)), at));
        walk.open_ended = open_ended;
        walk
    }

    fn of_course(title: impl Into<String>, source: Source, beginning: World, course: Course) -> Self {
        Self {
            title: title.into(),
            source,
            beginning,
            courses: vec![course],
            course: 0,
            open_ended: false,
            marks: BTreeMap::new(),
            breaks: Vec::new(),
            watches: Vec::new(),
            shown: None,
        }
    }

    fn course(&mut self) -> Option<&mut Course> {
        self.courses.get_mut(self.course)
    }

    /// The present moment.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.courses.get(self.course).map_or(Moment::default(), |course| course.at)
    }

    /// Moves the cursor; it must be a moment of the run.
    pub fn stand_at(&mut self, moment: Moment) {
        if let Some(course) = self.course() {
            course.at = moment;
        }
    }

    /// The run under the cursor.
    pub fn run(&mut self) -> Option<&mut LabRun> {
        self.course().map(|course| &mut *course.run)
    }

    /// Takes one movement; where the run ends and time may go on, it goes on until something happens.
    fn moved(&mut self, movement: Movement, way: Way) -> bool {
        #[cfg(live)]
        if self.has_device() {
            return self.moved_live(movement, way);
        }
        if self.is_lesson() {
            return self.moved_in_lesson(movement, way);
        }
        let open_ended = self.open_ended;
        let Some(course) = self.course() else { return false };
        let mut next = course.run.moved(course.at, movement, way);
        if next.is_none() && way == Way::Forward && open_ended {
            for _ in 0..64 {
                let Some(time) = course.run.head().next_own_time() else { break };
                course.run.journal.extend(time);
                next = course.run.moved(course.at, movement, way);
                if next.is_some() {
                    break;
                }
            }
        }
        if let Some(next) = next {
            course.at = next;
        }
        next.is_some()
    }

    /// Another course of the same beginning, in which one frame fares otherwise.
    fn branch(&mut self, number: u64, fate: Fate) -> bool {
        let Some(old) = self.courses.get(self.course) else { return false };
        let Some(record) = old.run.frames.iter().find(|record| record.sent.number == number) else { return false };
        let mut journal = old.run.journal.clone();
        journal.add(0, Act::Fate { frame: number, fate });
        let mut run = LabRun::new(self.beginning.clone(), journal);
        // The wish is one turn more at the very beginning, so that every later turn moves up by one.
        let turns = old.run.reel.len() + 1;
        let at = Moment { turn: record.moment.turn + 1, step: record.moment.step };
        run.play(turns);
        let at = at.min(run.end());
        let typed = old.typed.clone();
        self.courses.push(Course { typed, ..Course::new(Held::Own(Box::new(run)), at) });
        self.course = self.courses.len() - 1;
        true
    }
}

/// The first moment after the machines are up: where the first program calls, or the first frame comes from outside.
fn first_interesting(run: &LabRun) -> Moment {
    let turn = run
        .reel
        .iter()
        .position(|entry| entry.steps() > 0 && !matches!(entry.cause, Cause::Startup | Cause::World | Cause::Tick))
        .unwrap_or(0);
    Moment { turn, step: usize::from(run.steps(turn) > 0) }
}

impl Run for Walk {
    fn picture(&mut self, ask: Ask) -> Picture {
        let (title, source) = (self.title.clone(), self.source);
        let marks: Vec<Moment> = self.marks.values().copied().collect();
        let mask = self.mask();
        let Some(course) = self.course() else { return Picture::default() };
        let mut picture = course.picture(ask);
        picture.title = picture.lesson.as_ref().map_or(title, |lesson| lesson.title.clone());
        if let Some(mask) = mask {
            course.hide_behind(mask, &mut picture);
        }
        picture.source = source;
        for mark in marks {
            let step = course.moments.number(mark);
            picture.timeline.marks.push((step, TimelineMark::Mark));
        }
        #[cfg(live)]
        {
            picture.waiting = self.frames_waiting();
        }
        self.shown = picture.socks.first().and_then(|sock| sock.name.rsplit('#').next()?.parse().ok());
        picture
    }

    fn travel(&mut self, motion: Motion, direction: Direction) -> bool {
        let way = match direction {
            Direction::Forward => Way::Forward,
            Direction::Backward => Way::Backward,
        };
        match motion {
            Motion::Into => self.moved(Movement::Into, way),
            Motion::Over => self.moved(Movement::Over, way),
            Motion::Out => self.moved(Movement::Out, way),
            Motion::Micro => self.moved(Movement::Micro, way),
            Motion::Frame => self.moved(Movement::Frame, way),
            Motion::State => self.moved(Movement::State, way),
            Motion::Timer => self.moved(Movement::Timer, way),
            Motion::Layer => self.moved(Movement::Layer, way),
            Motion::Run => self.hunt(way),
            Motion::End => self.walk_to_end(way),
        }
    }

    fn go_to(&mut self, step: u64) -> bool {
        let Some(course) = self.course() else { return false };
        course.moments.take_in(&course.run.reel);
        let target = course.moments.moment(step);
        let moved = target != course.at;
        if self.is_lesson() {
            let target = self.mask().map_or(target, |mask| target.min(mask));
            return moved && self.stand_in_lesson(target);
        }
        self.stand_at(target);
        #[cfg(live)]
        self.set_running(false);
        moved
    }

    fn wire(&mut self, act: WireAct, frame: u64, lang: Lang) -> Result<String, String> {
        if self.is_lesson() {
            let said = Message::BranchMade.fill(lang, &[&frame.to_string()]);
            let refused = Message::NotHere.text(lang).to_owned();
            return if self.change_in_lesson(act, frame) { Ok(said) } else { Err(refused) };
        }
        if !matches!(self.beginning.medium, Medium::Simulated(_)) {
            return Err(Message::NotSimulated.text(lang).to_owned());
        }
        let fate = match act {
            WireAct::Drop => Fate::Drop,
            WireAct::Delay => Fate::Delay(DELAY),
            WireAct::Duplicate => Fate::Duplicate,
            // A bit of the last octet of a TCP header without options: the checksum must notice.
            WireAct::Corrupt => Fate::Corrupt(53, 1),
        };
        if self.branch(frame, fate) {
            Ok(Message::BranchMade.fill(lang, &[&frame.to_string()]))
        } else {
            Err(Message::NoSuchFrame.text(lang).to_owned())
        }
    }

    fn prompt(&mut self, line: &str, host: usize, lang: Lang) -> Result<String, Complaint> {
        self.make_call(host, line, lang)
    }

    fn surroundings(&mut self, host: usize) -> Surroundings {
        self.around(host)
    }

    fn returned(&mut self, lang: Lang) -> Option<String> {
        self.news(lang)
    }

    fn proc_net(&mut self, ask: Ask, file: ProcFile) -> ProcText {
        self.course().map_or_else(ProcText::default, |course| course.proc_net(ask, file))
    }

    fn next_course(&mut self, lang: Lang) -> Option<String> {
        if self.courses.len() < 2 {
            return None;
        }
        self.course = (self.course + 1) % self.courses.len();
        let (place, count) = ((self.course + 1).to_string(), self.courses.len().to_string());
        Some(Message::BranchShown.fill(lang, &[&place, &count]))
    }

    fn toggle_break(&mut self, function: &str, lang: Lang) -> Option<String> {
        if function.is_empty() {
            return None;
        }
        let set = !self.breaks.iter().any(|known| known == function);
        if set {
            self.breaks.push(function.to_owned());
        } else {
            self.breaks.retain(|known| known != function);
        }
        Some((if set { Message::BreakSet } else { Message::BreakGone }).fill(lang, &[function]))
    }

    fn toggle_watch(&mut self, field: &str, lang: Lang) -> Option<String> {
        let sock = self.shown?;
        let wanted = (sock, field.to_owned());
        let set = !self.watches.contains(&wanted);
        if set {
            self.watches.push(wanted);
        } else {
            self.watches.retain(|known| *known != wanted);
        }
        let name = format!("sk#{sock}.{field}");
        Some((if set { Message::WatchSet } else { Message::WatchGone }).fill(lang, &[&name]))
    }

    fn go_to_writer(&mut self, field: &str) -> bool {
        self.shown.is_some_and(|sock| self.back_to_writer(sock, field))
    }

    fn set_mark(&mut self, letter: char) -> bool {
        self.marks.insert(letter, self.moment());
        true
    }

    #[cfg(live)]
    fn flowing(&mut self) -> Option<&mut dyn Flowing> {
        if self.has_device() { Some(self) } else { None }
    }

    fn lesson(&mut self, act: LessonAct) -> bool {
        self.learn(act)
    }

    fn go_to_mark(&mut self, letter: char) -> bool {
        let Some(moment) = self.marks.get(&letter).copied() else { return false };
        self.stand_at(moment);
        true
    }
}

#[cfg(live)]
impl Flowing for Walk {
    fn attach(&mut self, notify: &Notify) {
        self.listen(notify);
    }

    fn arrive(&mut self, frame: Vec<u8>) -> bool {
        self.frame_arrived(frame)
    }

    fn pump(&mut self) -> bool {
        Walk::pump(self)
    }

    fn run(&mut self, running: bool) -> bool {
        self.set_running(running)
    }

    fn is_running(&self) -> bool {
        Walk::is_running(self)
    }

    fn idle_for(&self) -> Option<Duration> {
        Walk::idle_for(self)
    }

    fn command(&mut self, line: &str) -> bool {
        self.start_command(line)
    }
}

impl Course {
    fn new(run: Held, at: Moment) -> Self {
        Self {
            run,
            moments: Moments::default(),
            initial_numbers: InitialNumbers::default(),
            at,
            typed: Vec::new(),
            told: 0,
        }
    }

    fn picture(&mut self, ask: Ask) -> Picture {
        self.moments.take_in(&self.run.reel);
        self.initial_numbers.take_in(&self.run.frames);
        self.moments.take_in_signs(&self.run);
        let Scene { moment, world, film, host: acting } = self.run.seek(self.at);
        self.at = moment;
        let before = self.run.seek(before(&film, moment)).world;
        let (lesson, wanted) = match &self.run {
            Held::Lesson(tutor) => {
                let (lesson, host) = lesson::lesson(tutor.player(), &self.moments, ask.lang);
                (Some(lesson), host.and_then(|name| world.hosts.iter().position(|host| host.name == name)))
            }
            _ => (None, None),
        };
        let looked_at = self.host(&world, ask.host, wanted.or(acting));
        let (Some(place), Some(earlier)) = (world.hosts.get(looked_at), before.hosts.get(looked_at)) else {
            return Picture::default();
        };
        let (now, was) = (&place.kernel, &earlier.kernel);
        let acting_kernel = acting.and_then(|host| world.hosts.get(host)).map_or(now, |host| &host.kernel);
        let in_hand = calls::sock_in_hand(&film, moment.step).filter(|_| acting == Some(looked_at));
        let living = in_hand.filter(|number| stack::view::sock::by_number(now, *number).is_some());
        let told = match &self.run {
            Held::Lesson(tutor) => tutor.player().sock(),
            _ => None,
        };
        let told = told.filter(|number| stack::view::sock::by_number(now, *number).is_some());
        let focus = told.or(living).or_else(|| socks::likely(now));
        let focus_id = focus.and_then(|number| stack::view::sock::by_number(now, number));
        let stack = calls::stack(acting_kernel, &film, moment.step);
        let cause = self.run.reel.get(moment.turn).map_or(Cause::World, |entry| entry.cause.clone());
        let (near, here) = timeline::near(&self.run, &film, moment);
        let peer = world.hosts.iter().enumerate().find(|(index, _)| *index != looked_at);
        let mut changed = socks::changes(now, was);
        changed.extend(neighbours::changes(now, was));
        Picture {
            hosts: hosts(&world),
            host: looked_at,
            acting: acting.unwrap_or(looked_at),
            jiffies: u64::from(now.jiffies.0),
            microseconds: self.run.time(moment),
            step: self.moments.number(moment),
            steps: self.moments.steps() + 1,
            path: calls::path(&stack, &cause, caller(&film, moment.step)),
            code: code::code(acting_kernel, &film, moment.step, ask.lang),
            stack,
            socks: socks::socks(now, was, &place.name, focus, ask.lang),
            peer_socks: peer.map_or(Vec::new(), |(index, peer)| {
                let was = before.hosts.get(index).map_or(&peer.kernel, |host| &host.kernel);
                socks::socks(&peer.kernel, was, &peer.name, None, ask.lang)
            }),
            state: self.state(&world, &before, looked_at, focus, moment),
            queues: queues::queues(now, was, focus_id),
            arp: neighbours::table(now, was),
            ladder: ladder::ladder(
                &self.run,
                &self.initial_numbers,
                &world,
                moment,
                ask.relative,
                Message::Peer.text(ask.lang),
            ),
            frame: self.frame(&film, moment, ask.lang),
            timers: queues::timers(now, was),
            timeline: Timeline { near, here, signs: Arc::clone(self.moments.signs()), ..Timeline::default() },
            changed,
            lesson,
            ..Picture::default()
        }
    }

    /// Takes out of a picture what a lesson still hides.
    fn hide_behind(&self, mask: Moment, picture: &mut Picture) {
        picture.timeline.masked_from = Some(self.moments.number(mask));
        picture.ladder.masked = true;
        if self.at >= mask {
            let mut left = picture.timeline.here + 1;
            picture.timeline.near.retain_mut(|span| {
                span.steps = span.steps.min(left);
                left -= span.steps;
                span.steps > 0
            });
        }
    }

    fn proc_net(&mut self, ask: Ask, file: ProcFile) -> ProcText {
        let Scene { moment, world, film, host: acting } = self.run.seek(self.at);
        let earlier = self.run.seek(before(&film, moment)).world;
        let host = self.host(&world, ask.host, acting);
        match (world.hosts.get(host), earlier.hosts.get(host)) {
            (Some(now), Some(was)) => ProcText::of(&now.name, file, &now.kernel, &was.kernel),
            _ => ProcText::default(),
        }
    }

    /// The host that is looked at: the one that acts, or the one after it where the person has switched.
    fn host(&self, world: &World, switched: usize, acting: Option<usize>) -> usize {
        (acting.unwrap_or(0) + switched) % world.hosts.len().max(1)
    }

    fn state(&self, world: &World, before: &World, host: usize, focus: Option<u32>, moment: Moment) -> State {
        let (Some(place), Some(earlier)) = (world.hosts.get(host), before.hosts.get(host)) else {
            return State::default();
        };
        let mut state = socks::state(&place.kernel, &earlier.kernel, &place.name, focus);
        let past = self.run.states.partition_point(|record| record.moment <= moment);
        let past = self.run.states.get(..past).unwrap_or(&[]);
        if let Some(record) = past.iter().rev().find(|record| record.host == host && Some(record.sk) == focus) {
            state.last_edge = Some((record.old, record.new));
            // A sock that was born in this step has no earlier self to be compared with: the reel knows its edge.
            if record.moment == moment && record.old != TcpState::None {
                state.from = Some(record.old);
            }
            state.microseconds = Some(self.run.time(moment).saturating_sub(record.time));
        }
        state.others = world
            .hosts
            .iter()
            .enumerate()
            .flat_map(|(index, other)| {
                socks::others(&other.kernel, &other.name, if index == host { focus } else { None })
            })
            .collect();
        state
    }

    fn frame(&self, film: &stack::lab::film::Film, moment: Moment, lang: Lang) -> Option<Frame> {
        let past = self.run.frames.partition_point(|record| record.moment <= moment);
        let last = past.checked_sub(1).and_then(|index| Some((index, self.run.frames.get(index)?)));
        if let Some((bytes, note)) = frame::in_film(film, moment.step) {
            let known = last.filter(|(_, record)| record.sent.bytes == bytes);
            let number = known.map_or(0, |(index, _)| ladder::number_of(&self.run, index));
            return Some(frame::frame(bytes, number, note, lang));
        }
        last.map(|(index, record)| {
            frame::frame(&record.sent.bytes, ladder::number_of(&self.run, index), Message::FrameLast, lang)
        })
    }
}

fn hosts(world: &World) -> Vec<Host> {
    world
        .hosts
        .iter()
        .map(|host| Host {
            name: host.name.clone(),
            address: host.kernel.dev.get(1).map_or(String::new(), |device| device.pa_addr.to_string()),
        })
        .collect()
}

/// The system call of this turn up to a step, by its name.
fn caller(film: &stack::lab::film::Film, step: usize) -> Option<&'static str> {
    film.steps.get(..step)?.iter().find_map(|film_step| match &film_step.event {
        Event::SyscallEnter { name, .. } => Some(name.name()),
        _ => None,
    })
}

/// The moment that this one is compared with: of an exit the entry of its call, else the stop before it.
fn before(film: &stack::lab::film::Film, moment: Moment) -> Moment {
    let Some(index) = moment.step.checked_sub(1) else { return moment };
    let step = match film.steps.get(index).map(|film_step| &film_step.event) {
        Some(Event::Exit { .. }) => film.stack_at(moment.step).last().copied().unwrap_or(index),
        _ => film
            .steps
            .get(..index)
            .unwrap_or(&[])
            .iter()
            .rposition(|film_step| is_stop(&film_step.event))
            .map_or(0, |at| at + 1),
    };
    Moment { turn: moment.turn, step }
}

/// Whether stepping into functions stops at an event.
fn is_stop(event: &Event) -> bool {
    matches!(event, Event::Enter { .. } | Event::Exit { .. } | Event::Note { .. } | Event::Discard { .. })
}

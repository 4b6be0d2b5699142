//! A branch of a session: a run, the moment at which it parted from another, and the cursor on it; and the picture of where the
//! cursor stands.
//!
//! Everything shown is taken from the snapshot of the present moment and from that of the step before it: a picture is a pure
//! function of the moment, so going back shows what was shown.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use stack::include::seq::TICK;
use stack::kernel::probe::Event;
use stack::lab::caption::story;
use stack::lab::film::Film;
use stack::lab::journal::Journal;
use stack::lab::run::{Entry, Moment, Run, Snapshot};
use stack::lab::survey::Survey;
use stack::lab::world::{Cause, Medium, World};
use stack::wire::FrameSummary;

use super::PictureRequest;
use super::motion::Direction;
use super::origin::{Edit, Origin};
use super::step_numbers::StepNumbers;
use super::stops::Stops;
use super::stops_shown as shown;
use super::surveying::Surveying;
use super::typed_call::Typed;
use crate::i18n::{Lang, Message};
use crate::picture::ladder::{InitialNumbers, Origins};
use crate::picture::outline::Outline;
use crate::picture::plot::{Plot, PlotSource, Segments};
use crate::picture::proc_net::{ProcFile, ProcText};
use crate::picture::skb::SkbCard;
use crate::picture::sock_list::{SockList, SockPlace};
use crate::picture::{
    Frame, Host, Oops, PathStep, Picture, RunClock, Sock, Source, State, Timeline, TimelineMark, Timer,
};
use crate::picture::{
    calls, code, cpu, frame, ladder, neighbours, outline, plot, processes, queues, socks, tables, timeline, timers,
};

/// A run and the cursor on it.
pub struct Branch {
    /// The run, and what may be done to it.
    pub(super) origin: Box<dyn Origin>,
    /// The branch it parted from, when, and by what; none of the first.
    pub(super) parent: Option<Parting>,
    /// Where the cursor stands.
    pub(super) at: Moment,
    /// The calls a person has typed.
    pub(super) typed: Vec<Typed>,
    /// How many of their results have been told.
    pub(super) told: usize,
    /// The moments at which a search for stops has ended: the signs of those that no list of the run has.
    pub(super) reached: BTreeSet<Moment>,
    pub(super) numbers: StepNumbers,
    initial_numbers: InitialNumbers,
    segments: Segments,
    survey: Survey,
    /// Calls whose insides are folded away in the outline: turn, and step of the entry.
    folded: BTreeMap<usize, BTreeSet<usize>>,
}

/// How a branch came about.
#[derive(Clone, Debug, PartialEq)]
pub struct Parting {
    /// The branch it parted from.
    pub from: usize,
    /// The moment at which the two runs part.
    pub at: Moment,
    /// What a person did there.
    pub edit: Edit,
}

/// What is looked at: the host, and the sock under focus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Focus {
    /// Name of the host.
    pub(super) host: String,
    /// Number of the sock.
    pub(super) sk: u32,
}

impl Branch {
    /// A branch with the cursor at a moment.
    pub(super) fn new(origin: Box<dyn Origin>, parent: Option<Parting>, at: Moment) -> Self {
        Self {
            origin,
            parent,
            at,
            typed: Vec::new(),
            told: 0,
            reached: BTreeSet::new(),
            numbers: StepNumbers::default(),
            initial_numbers: InitialNumbers::default(),
            segments: Segments::default(),
            survey: Survey::default(),
            folded: BTreeMap::new(),
        }
    }

    /// What came from outside in its run.
    #[must_use]
    pub fn journal(&self) -> &Journal {
        &self.origin.run().journal
    }

    /// Puts the cursor at a moment, if it may stand there.
    pub(super) fn stand(&mut self, at: Moment) -> bool {
        let may = self.origin.may_stand(at);
        if may {
            self.at = at;
        }
        may
    }

    /// Forgets what was gathered about the run: another one has taken its place.
    pub(super) fn forget(&mut self) {
        self.numbers = StepNumbers::default();
        self.initial_numbers = InitialNumbers::default();
        self.reached.clear();
        self.segments = Segments::default();
        self.survey = Survey::default();
    }

    /// Surveys so many turns more of the run; says whether all of it is known then.
    pub(super) fn survey(&mut self, turns: usize) -> bool {
        self.survey.take_in(self.origin.run_mut(), turns)
    }

    /// Folds what a call of the present turn calls away in the outline, or unfolds it; the call by the step of its entry.
    pub(super) fn fold(&mut self, entry: usize) {
        let folded = self.folded.entry(self.at.turn).or_default();
        if !folded.remove(&entry) {
            folded.insert(entry);
        }
    }

    /// The card of a buffer on a host, by its number; none where it is gone.
    pub(super) fn skb_card(&mut self, (host, number): (usize, u32), request: PictureRequest) -> Option<SkbCard> {
        self.initial_numbers.take_in(&self.origin.run().frames);
        let (now, _) = self.two();
        let place = now.world.hosts.get(host)?;
        SkbCard::of(&place.kernel, &place.name, number, &self.origins(now.moment, request), request.lang)
    }

    /// The buffer that the present step has in hand: its host and its number.
    pub(super) fn skb_in_hand(&mut self) -> Option<(usize, u32)> {
        let (now, _) = self.two();
        Some((now.host?, calls::skb_in_hand(&now.film, now.moment.step)?))
    }

    /// How sequence numbers count at a moment.
    fn origins(&self, moment: Moment, request: PictureRequest) -> Origins<'_> {
        let passed = self.origin.run().frames.partition_point(|record| record.moment <= moment);
        Origins { numbers: &self.initial_numbers, passed, relative: request.relative }
    }

    /// Whether the run has fewer turns than were taken in of it: it has let its past go.
    pub(super) fn has_begun_afresh(&self) -> bool {
        self.origin.run().turns.len() < self.numbers.turns()
    }

    /// The first death of a kernel that way from the cursor, where nothing is hidden.
    pub(super) fn crash_from(&mut self, direction: Direction) -> Option<Moment> {
        let hidden = self.origin.hides_from();
        let crash = self.origin.run().crash_from(self.at, direction).map(|crash| crash.moment)?;
        hidden.is_none_or(|mask| crash <= mask).then_some(crash)
    }

    /// The same, where it comes before `target`.
    pub(super) fn crash_before(&mut self, target: Moment, direction: Direction) -> Option<Moment> {
        self.crash_from(direction).filter(|crash| match direction {
            Direction::Forward => *crash < target,
            Direction::Backward => *crash > target,
        })
    }

    /// The number of a moment, counted in steps from the beginning of the run.
    pub(super) fn number(&mut self, moment: Moment) -> u64 {
        self.numbers.take_in(&self.origin.run().turns);
        self.numbers.number(moment)
    }

    /// The moment of a number.
    pub(super) fn moment(&mut self, number: u64) -> Moment {
        self.numbers.take_in(&self.origin.run().turns);
        self.numbers.moment(number)
    }

    /// The picture of the present moment, and what it has in focus.
    ///
    /// With a survey, so many turns more of the run are taken into it first.
    pub(super) fn picture(
        &mut self,
        request: PictureRequest,
        chosen: Option<SockPlace>,
        surveying: Surveying,
    ) -> (Picture, Option<Focus>) {
        if let Some(turns) = surveying.turns {
            self.survey(turns);
        }
        self.numbers.take_in(&self.origin.run().turns);
        self.initial_numbers.take_in(&self.origin.run().frames);
        self.numbers.take_in_marks(self.origin.run());
        let (now, before) = self.two();
        self.at = now.moment;
        let (lesson, class, told) = match self.origin.lesson() {
            Some(driver) => {
                let (player, class) = (driver.player(), driver.class());
                let class = class.map(|class| class.picture(player, request.lang));
                (Some(player.view(request.lang)), class, player.sock())
            }
            None => (None, None, None),
        };
        let wanted = lesson.as_ref().and_then(|lesson| lesson.host.as_ref());
        let wanted = wanted.and_then(|name| now.world.hosts.iter().position(|host| host.name == *name));
        let host = chosen.map(|chosen| chosen.host).filter(|host| *host < now.world.hosts.len());
        let host = host.unwrap_or_else(|| looked_at(&now.world, request.switched, wanted.or(now.host)));
        let at = Here::of(&now, &before, host, told, chosen);
        let Some(at) = at else { return (Picture::default(), None) };
        let focus = at.focus.map(|sk| Focus { host: at.name.to_owned(), sk });
        let mut picture = self.at_moment(&now, &at, request);
        if surveying.turns.is_some() {
            let (known, turns) = (self.survey.turns(), self.origin.run().turns.len());
            picture.surveyed = (known < turns).then_some((known, turns));
        }
        if surveying.turns.is_some() && surveying.plots {
            self.segments.take_in(&self.origin.run().frames);
            picture.plot = self.plot(&now, &at);
        }
        picture.oops = self.oops(&now.world, now.moment, request.lang);
        picture.evidence = lesson.as_ref().map_or(Vec::new(), |lesson| self.evidence(lesson));
        picture.lesson = lesson;
        picture.class = class;
        picture.source = self.origin.source();
        picture.live = self.origin.outside().map(|outside| outside.shown()).unwrap_or_default();
        if picture.source == Source::Live {
            // Its clock was set to the time of day when it was switched on.
            let start = now.world.hosts.first().map_or(0, |host| host.kernel.config.clock_at_power_on());
            let zero_ns = start.saturating_mul(1_000);
            picture.ladder.clock = RunClock { zero_ns, start_ns: zero_ns, is_wall: true };
        }
        if let Some(clock) = picture.live.clock.filter(|_| self.at == self.origin.run().end()) {
            // Time goes on though no turn has come: the ticks of the meantime are counted with the next one.
            let since = clock.saturating_mul(1_000_000).saturating_sub(picture.microseconds);
            picture.microseconds += since;
            picture.jiffies += since / TICK;
        }
        if let Some(mask) = self.origin.hides_from() {
            self.hide_behind(mask, &mut picture);
        }
        (picture, focus)
    }

    fn at_moment(&self, now: &Snapshot, at: &Here<'_>, request: PictureRequest) -> Picture {
        let run = self.origin.run();
        let Snapshot { moment, world, film, .. } = now;
        let acting_host = now.host.unwrap_or(at.host);
        let machine = world.hosts.get(acting_host);
        let (acting, name) = machine.map_or((at.now, at.name), |host| (&host.kernel, host.name.as_str()));
        let acting_was = at.before.hosts.get(acting_host).map_or(acting, |host| &host.kernel);
        let stack = calls::stack(acting, name, film, moment.step);
        let cause = run.turns.get(moment.turn).map_or(Cause::World, |entry| entry.cause.clone());
        let (near, here) = timeline::near(run, film, *moment);
        let peer = world.hosts.iter().enumerate().find(|(index, _)| *index != at.host);
        let focus_id = at.focus.and_then(|number| stack::view::sock::by_number(at.now, number));
        let mut changed = socks::changes(at.now, at.was, at.name);
        changed.extend(neighbours::changes(at.now, at.was));
        let mut code = code::code(acting, name, film, moment.step, request.lang);
        if now.host == Some(at.host) {
            code.values = code::values(film, moment.step, code.current, &changed);
        }
        let origins = self.origins(*moment, request);
        let path = calls::path(&stack, &cause, caller(film, moment.step));
        Picture {
            outline: self.outline(film, *moment, name, &path),
            hosts: hosts(world),
            host: at.host,
            acting: acting_host,
            jiffies: u64::from(at.now.jiffies.0),
            microseconds: run.time(*moment),
            step: self.numbers.number(*moment),
            steps: self.numbers.steps() + 1,
            path,
            code,
            stack,
            socks: at.socks(request.lang),
            peer_socks: peer.map_or(Vec::new(), |(index, peer)| {
                let was = at.before.hosts.get(index).map_or(&peer.kernel, |host| &host.kernel);
                socks::socks(&peer.kernel, was, &peer.name, None, request.lang)
            }),
            state: self.state(world, at, *moment),
            queues: queues::queues(at.now, at.was, at.name, focus_id, &origins),
            arp: neighbours::table(at.now, at.was, at.name, &origins),
            ladder: ladder::ladder(run, &self.initial_numbers, world, *moment, request.relative, request.lang),
            frame: self.frame(film, *moment, request.lang),
            timers: self.timers(at, *moment),
            cpu: machine.map_or(Vec::new(), |host| cpu::cpu(host, acting_was, film, moment.step, request.lang)),
            tables: tables::tables(acting, acting_was, name, film, moment.step, request.lang),
            processes: processes::processes(world, at.before, request.lang),
            sock_list: SockList::of(world, at.before, at.chosen, at.shown(), request.lang),
            timeline: Timeline { near, here, signs: Arc::clone(self.numbers.marks()), ..Timeline::default() },
            changed,
            ..Picture::default()
        }
    }

    /// Puts the stops into a picture: the list, and their signs in the code and on the timeline.
    pub(super) fn show_stops(&mut self, stops: &Stops, picture: &mut Picture) {
        let (run, at) = (self.origin.run(), self.at);
        picture.stops = stops.all().iter().map(|stop| shown::row(stop, run, at)).collect();
        let acting = picture.hosts.get(picture.acting).map_or("", |host| host.name.as_str());
        picture.code.stop = shown::on_function(stops.all(), acting, &picture.code.function);
        picture.code.stopped = !stops.all().is_empty() && self.reached.contains(&at);
        let mut signs: Vec<Moment> = shown::signs(stops.all(), run);
        signs.extend(self.reached.iter().copied().filter(|_| !stops.all().is_empty()));
        let steps = signs.into_iter().map(|moment| (self.numbers.number(moment), TimelineMark::Stop));
        picture.timeline.marks.extend(steps);
    }

    /// The connection of the sock under focus against time.
    fn plot(&self, now: &Snapshot, at: &Here<'_>) -> Plot {
        let run = self.origin.run();
        let focus = at.focus.and_then(|number| stack::view::sock::by_number(at.now, number));
        let source = PlotSource {
            frames: &run.frames,
            segments: &self.segments,
            survey: &self.survey,
            number: &|moment| self.numbers.number(moment),
            simulated: matches!(now.world.medium, Medium::Simulated(_)),
        };
        plot::plot(at.now, focus, (now.moment, run.time(now.moment)), &source)
    }

    /// The timers of the host that is looked at, each with the number of the step that armed it.
    fn timers(&self, at: &Here<'_>, moment: Moment) -> Vec<Timer> {
        let mut timers = timers::timers(at.now, at.was, (at.host, at.name), &self.survey);
        for timer in &mut timers {
            // A timer that the survey has under the same key in another time is not this one.
            timer.armed = timer.armed.filter(|armed| armed.moment <= moment);
            if let Some(armed) = &mut timer.armed {
                armed.step = self.numbers.number(armed.moment);
            }
        }
        timers
    }

    /// The call tree of this turn.
    fn outline(&self, film: &Film, moment: Moment, name: &str, path: &[PathStep]) -> Outline {
        let start = self.numbers.number(Moment { step: 0, ..moment });
        let none = BTreeSet::new();
        let mut outline = outline::outline(film, moment.step, start, self.folded.get(&moment.turn).unwrap_or(&none));
        let cause = path.first().map_or("", |first| first.function.as_str());
        outline.subject = format!("{name}: {cause}");
        outline
    }

    /// The kernel that has died last by a moment.
    fn oops(&mut self, world: &World, moment: Moment, lang: Lang) -> Option<Oops> {
        // A session that runs by itself goes on behind it, without the host.
        let runs = self.origin.outside().is_some_and(|outside| outside.is_running());
        let run = self.origin.run();
        let crash = run.crashes.iter().rev().find(|crash| crash.moment <= moment)?;
        Some(Oops {
            step: self.numbers.number(crash.moment),
            host: world.hosts.get(crash.host).map_or_else(String::new, |host| host.name.clone()),
            story: story(&crash.oops).text(lang).to_owned(),
            is_here: crash.moment == moment || runs,
        })
    }

    /// The present moment, and the one that it is compared with.
    fn two(&mut self) -> (Snapshot, World) {
        let run = self.origin.run_mut();
        let now = run.seek(self.at);
        let before = run.seek(before(&now.film, now.moment)).world;
        (now, before)
    }

    /// The numbers of the steps that settled a question.
    fn evidence(&self, lesson: &lessons::View) -> Vec<u64> {
        match &lesson.shows {
            lessons::Shows::Verdict(verdict) => {
                verdict.evidence.iter().map(|evidence| self.numbers.number(evidence.moment)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Takes out of a picture what a lesson still hides.
    fn hide_behind(&self, mask: Moment, picture: &mut Picture) {
        picture.timeline.masked_from = Some(self.numbers.number(mask) + 1);
        picture.ladder.masked = true;
        picture.outline.hide_behind(self.numbers.number(mask));
        picture.plot.hide_behind(self.numbers.number(mask), self.origin.run().time(mask));
        if self.at >= mask {
            let mut left = picture.timeline.here + 1;
            picture.timeline.near.retain_mut(|span| {
                span.steps = span.steps.min(left);
                left -= span.steps;
                span.steps > 0
            });
        }
    }

    /// What the ladder says of a frame, by its place in the list of the run.
    pub(super) fn saying(&self, place: usize, relative: bool) -> String {
        let Some(record) = self.origin.run().frames.get(place) else { return String::new() };
        let summary = FrameSummary::of(&record.sent.bytes);
        let numbers = match &summary {
            FrameSummary::Tcp(segment) if relative => Some(self.initial_numbers.of(place, segment)),
            _ => None,
        };
        ladder::saying(&summary, numbers)
    }

    /// A text of /proc/net on the host that is looked at.
    pub(super) fn proc_net(&mut self, request: PictureRequest, file: ProcFile) -> ProcText {
        let (now, before) = self.two();
        let host = looked_at(&now.world, request.switched, now.host);
        match (now.world.hosts.get(host), before.hosts.get(host)) {
            (Some(now), Some(was)) => ProcText::of(&now.name, file, &now.kernel, &was.kernel),
            _ => ProcText::default(),
        }
    }

    fn state(&self, world: &World, at: &Here<'_>, moment: Moment) -> State {
        let run = self.origin.run();
        let mut state =
            if at.misses_its_sock() { State::default() } else { socks::state(at.now, at.was, at.name, at.focus) };
        let past = run.states.partition_point(|record| record.moment <= moment);
        let past = run.states.get(..past).unwrap_or(&[]);
        if let Some(record) = past.iter().rev().find(|record| record.host == at.host && Some(record.sk) == at.focus) {
            state.last_edge = record.old.map(|old| (old, record.new));
            state.microseconds = Some(run.time(moment).saturating_sub(record.time));
        }
        state.others = world
            .hosts
            .iter()
            .enumerate()
            .flat_map(|(index, other)| {
                socks::others(&other.kernel, &other.name, if index == at.host { at.focus } else { None })
            })
            .collect();
        state
    }

    fn frame(&self, film: &Film, moment: Moment, lang: Lang) -> Option<Frame> {
        let run = self.origin.run();
        let past = run.frames.partition_point(|record| record.moment <= moment);
        let last = past.checked_sub(1).and_then(|index| run.frames.get(index));
        if let Some((bytes, note)) = frame::in_film(film, moment.step) {
            // A frame that arrives has the number under which it left.
            let known = run.frames.iter().take(past).rev().find(|record| record.sent.bytes == bytes);
            let number = known.map_or(0, |record| record.sent.number);
            return Some(frame::frame(bytes, number, note, lang));
        }
        last.map(|record| frame::frame(&record.sent.bytes, record.sent.number, Message::FrameLast, lang))
    }
}

/// The host that is looked at, at a moment and at the step before it.
struct Here<'a> {
    host: usize,
    name: &'a str,
    now: &'a stack::Kernel,
    was: &'a stack::Kernel,
    before: &'a World,
    focus: Option<u32>,
    /// The sock that a person has chosen.
    chosen: Option<SockPlace>,
}

impl<'a> Here<'a> {
    /// The sock under focus is the one that a person has chosen, be it there or not; else the one that a lesson tells, else the one
    /// that the step speaks of, else the likeliest.
    fn of(
        now: &'a Snapshot,
        before: &'a World,
        host: usize,
        told: Option<u32>,
        chosen: Option<SockPlace>,
    ) -> Option<Self> {
        let (place, earlier) = (now.world.hosts.get(host)?, before.hosts.get(host)?);
        let lives = |number: &u32| stack::view::sock::by_number(&place.kernel, *number).is_some();
        let in_hand = calls::sock_in_hand(&now.film, now.moment.step).filter(|_| now.host == Some(host));
        let focus = match chosen {
            Some(chosen) => Some(chosen.number).filter(lives),
            None => told.filter(lives).or(in_hand.filter(lives)).or_else(|| socks::likely(&place.kernel)),
        };
        Some(Self { host, name: &place.name, now: &place.kernel, was: &earlier.kernel, before, focus, chosen })
    }

    /// Whether the sock that a person has chosen is not there at this moment: then none is shown instead of it.
    fn misses_its_sock(&self) -> bool {
        self.chosen.is_some() && self.focus.is_none()
    }

    /// The socks of the host, the one under focus first.
    fn socks(&self, lang: Lang) -> Vec<Sock> {
        if self.misses_its_sock() { Vec::new() } else { socks::socks(self.now, self.was, self.name, self.focus, lang) }
    }

    /// The sock that is shown.
    fn shown(&self) -> Option<SockPlace> {
        self.focus.map(|number| SockPlace { host: self.host, number })
    }
}

/// The host that acts, or the one so many places after it where the person has switched.
fn looked_at(world: &World, switched: usize, acting: Option<usize>) -> usize {
    (acting.unwrap_or(0) + switched) % world.hosts.len().max(1)
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
fn caller(film: &Film, step: usize) -> Option<&'static str> {
    film.steps.get(..step)?.iter().find_map(|film_step| match &film_step.event {
        Event::SyscallEnter { name, .. } => Some(name.name()),
        _ => None,
    })
}

/// The moment that this one is compared with: of a step of [`Movement::Into`](stack::lab::movement::Movement::Into) the one
/// before it, so that walking by it shows every change once; of any other the micro step before it.
fn before(film: &Film, moment: Moment) -> Moment {
    let Some(index) = moment.step.checked_sub(1) else { return moment };
    let is_stop = |index: usize| film.steps.get(index).is_some_and(|film_step| is_stop(&film_step.event));
    let step = if is_stop(index) { (0..index).rev().find(|at| is_stop(*at)).map_or(0, |at| at + 1) } else { index };
    Moment { turn: moment.turn, step }
}

fn is_stop(event: &Event) -> bool {
    matches!(event, Event::Enter { .. } | Event::Exit { .. } | Event::Note { .. } | Event::Discard { .. })
}

/// The first moment after the machines are up: where the first program calls, or the first frame comes from outside.
pub(super) fn first_interesting(run: &Run) -> Moment {
    let turn = run
        .turns
        .iter()
        .position(|entry: &Entry| {
            entry.steps() > 0 && !matches!(entry.cause, Cause::Startup | Cause::World | Cause::Tick)
        })
        .unwrap_or(0);
    Moment { turn, step: usize::from(run.steps(turn) > 0) }
}

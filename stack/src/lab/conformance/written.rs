//! The lines of what really happened, as a run writes them down: a call's result is filled in when it comes back, and what
//! was planned inside a call and never came stands where the script has it.

use std::collections::BTreeMap;

use super::calls::actual_call;
use super::flow::Flow;
use super::run::Lines;
use super::timeline::{Arrival, Incoming, Planned, PlannedKind};
use crate::include::sched::TaskId;
use crate::include::seq::TICK;
use crate::kernel::Completion;
use crate::lab::script::annotation::Annotation;
use crate::lab::script::ast::{Base, Call, Content, Line, ScriptEvent, ScriptOption, Time, Until};
use crate::lab::script::{Position, Script};

/// A line of what happened, before it is printed.
struct ActualLine {
    jiffy: i64,
    end: Option<i64>,
    /// When it began and when it ended, in microseconds.
    moments: (u64, Option<u64>),
    origin: Option<Position>,
    content: ActualContent,
    /// What a line without ports meant then.
    flow: Flow,
}

/// What stands in it; times come last, when every line has found its place.
pub(super) enum ActualContent {
    Event(ScriptEvent),
    Annotation(Annotation),
}

/// The lines so far.
#[derive(Default)]
pub(super) struct Written {
    lines: Vec<ActualLine>,
    /// The line of the call each task is in.
    open: BTreeMap<TaskId, usize>,
    /// The jiffy of a group of frames that another frame of that jiffy would join if nothing ended the group.
    group: Option<i64>,
    /// What a line without ports means now.
    pub(super) flow: Flow,
    /// Microseconds since script time 0 while somebody outside does something; None while the kernel's clock ticks.
    pub(super) clock: Option<u64>,
}

impl Written {
    /// No lines yet; without ports they mean that flow.
    pub(super) fn starting_with(flow: Flow) -> Self {
        Written { flow, ..Written::default() }
    }

    /// A line at a jiffy after script time 0, and the line of the input it comes from, if it comes from one.
    pub(super) fn push(&mut self, jiffy: i64, origin: Option<Position>, content: ActualContent) {
        let moments = (self.moment(jiffy), None);
        self.lines.push(ActualLine { jiffy, end: None, moments, origin, content, flow: self.flow });
    }

    /// When something happens in that jiffy, in microseconds since script time 0.
    pub(super) fn moment(&self, jiffy: i64) -> u64 {
        let jiffy = u64::try_from(jiffy).unwrap_or(0);
        self.clock.filter(|clock| clock / TICK == jiffy).unwrap_or(jiffy.saturating_mul(TICK))
    }

    /// An event of the script itself; whatever group of frames stands before it is over.
    pub(super) fn event(&mut self, jiffy: i64, origin: Position, event: ScriptEvent) {
        self.group = None;
        self.push(jiffy, Some(origin), ActualContent::Event(event));
    }

    pub(super) fn annotation(&mut self, jiffy: i64, origin: Option<Position>, annotation: Annotation) {
        self.push(jiffy, origin, ActualContent::Annotation(annotation));
    }

    /// A frame arrives outside of calls.
    pub(super) fn arrival(&mut self, jiffy: i64, origin: Option<Position>, arrival: &Arrival) {
        if self.group.take() == Some(jiffy) {
            self.annotation(jiffy, None, Annotation::End);
        }
        self.push(jiffy, origin, arrival_content(arrival));
    }

    /// A call begins. What it gives back is not known yet; one that never returns has no result in the output.
    pub(super) fn call(&mut self, task: TaskId, jiffy: i64, position: Position, call: &Call) {
        self.open.insert(task, self.lines.len());
        self.event(jiffy, position, ScriptEvent::Call(Call { outcome: None, ..call.clone() }));
    }

    /// An interrupt arrives inside a call: its line, and those of its frames.
    pub(super) fn interrupt(&mut self, jiffy: i64, planned: &Planned) {
        let Planned { position, point, occurrence, kind } = planned;
        let (point, occurrence) = (point.clone(), *occurrence);
        match kind {
            PlannedKind::Clock(count) => {
                self.annotation(jiffy, Some(*position), Annotation::Tick { point, occurrence, count: *count });
            }
            PlannedKind::Network(arrivals) => {
                self.annotation(jiffy, Some(*position), Annotation::Interrupt { point, occurrence });
                // An empty group would take whatever comes next.
                if arrivals.is_empty() {
                    self.annotation(jiffy, None, Annotation::End);
                }
                for arrival in arrivals {
                    self.push(jiffy, Some(arrival.position), arrival_content(arrival));
                }
                self.group = Some(jiffy);
            }
        }
    }

    pub(super) fn is_open(&self, task: TaskId) -> bool {
        self.open.contains_key(&task)
    }

    /// A call came back: its line gets result and end. Gives the number of the line, for a call that has one.
    pub(super) fn returned(&mut self, jiffy: i64, completion: &Completion) -> Option<usize> {
        let index = self.open.remove(&completion.task)?;
        let moment = self.moment(jiffy);
        let line = self.lines.get_mut(index)?;
        if let ActualContent::Event(ScriptEvent::Call(call)) = &mut line.content {
            *call = actual_call(call, completion);
        }
        line.end = (jiffy != line.jiffy).then_some(jiffy);
        line.moments.1 = (moment != line.moments.0).then_some(moment);
        Some(index)
    }

    /// The run is over: the calls that have not come back, and their lines.
    pub(super) fn never_returned(&mut self) -> BTreeMap<TaskId, usize> {
        std::mem::take(&mut self.open)
    }

    /// The script of it all, with the interrupts that never came under the lines of their calls.
    pub(super) fn finish(self, options: &[ScriptOption], unused: BTreeMap<usize, Vec<Planned>>) -> Lines {
        let (lines, never_came) = with_unused(self.lines, unused);
        let times = lines.iter().map(|line| (line.jiffy, line.end)).collect();
        let moments = lines.iter().map(|line| line.moments).collect();
        let origins = lines.iter().map(|line| line.origin).collect();
        let flows = lines.iter().map(|line| line.flow).collect();
        let script = Script { options: options.to_vec(), lines: timed(lines), ..Script::default() };
        Lines { script, times, moments, origins, never_came, flows, ..Lines::default() }
    }
}

fn arrival_content(arrival: &Arrival) -> ActualContent {
    match &arrival.what {
        Incoming::Packet(packet) => ActualContent::Event(ScriptEvent::Packet(packet.clone())),
        Incoming::ArpRequest(sender, target) => {
            ActualContent::Annotation(Annotation::ArpRequest { sender: *sender, target: *target })
        }
    }
}

/// The lines with those of the interrupts that never came where the script had them behind their call, and the numbers
/// of the latter: whoever runs what was written counts the same datagrams.
fn with_unused(lines: Vec<ActualLine>, unused: BTreeMap<usize, Vec<Planned>>) -> (Vec<ActualLine>, Vec<usize>) {
    let is_call = |line: &&ActualLine| matches!(&line.content, ActualContent::Event(ScriptEvent::Call(_)));
    let mut places: BTreeMap<usize, Vec<Planned>> = BTreeMap::new();
    for (call, planned) in unused.into_iter().flat_map(|(call, all)| all.into_iter().map(move |one| (call, one))) {
        let behind = lines.iter().skip(call + 1).take_while(|line| !is_call(line));
        let earlier = behind.map(|line| line.origin.is_some_and(|origin| origin < planned.position));
        let place = call + earlier.collect::<Vec<_>>().iter().rposition(|is| *is).map_or(0, |last| last + 1);
        places.entry(place).or_default().push(planned);
    }
    let (mut out, mut never_came) = (Vec::new(), Vec::new());
    for (index, line) in lines.into_iter().enumerate() {
        let (jiffy, moments, flow) = (line.jiffy, (line.moments.0, None), line.flow);
        out.push(line);
        let first = out.len();
        for Planned { position, point, occurrence, kind } in places.remove(&index).unwrap_or_default() {
            let mut push = |position, content| {
                out.push(ActualLine { jiffy, end: None, moments, origin: Some(position), content, flow });
            };
            match kind {
                PlannedKind::Clock(count) => {
                    push(position, ActualContent::Annotation(Annotation::Tick { point, occurrence, count }));
                }
                PlannedKind::Network(arrivals) => {
                    push(position, ActualContent::Annotation(Annotation::Interrupt { point, occurrence }));
                    for arrival in arrivals {
                        push(arrival.position, arrival_content(&arrival));
                    }
                    push(position, ActualContent::Annotation(Annotation::End));
                }
            }
        }
        never_came.extend(first..out.len());
    }
    (out, never_came)
}

/// The lines with their times counted from the start of the line before.
fn timed(lines: Vec<ActualLine>) -> Vec<Line> {
    let mut previous = 0;
    let mut out = Vec::with_capacity(lines.len());
    for (index, line) in lines.into_iter().enumerate() {
        let microseconds = |jiffy: i64| u64::try_from(jiffy - previous).unwrap_or(0) * TICK;
        let position = Position { line: u32::try_from(index + 1).unwrap_or(u32::MAX), column: 1 };
        let content = match line.content {
            ActualContent::Annotation(annotation) => Content::Annotation(annotation),
            ActualContent::Event(event) => {
                let until = line.end.map_or(Until::Unspecified, |end| Until::Return(microseconds(end)));
                let time = Time::At { base: Base::Previous, start: microseconds(line.jiffy), until };
                previous = line.jiffy;
                Content::Event(time, event)
            }
        };
        out.push(Line { position, content });
    }
    out
}

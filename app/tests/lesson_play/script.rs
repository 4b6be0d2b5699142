//! The script of one play: keys typed into the program, and beside it a headless player who does the same. What the player shows has to
//! come on the screen before the next key is pressed; at the end the program must have kept what the player has.
#![cfg(target_os = "linux")]

use std::fmt;
use std::fs;

use lessons::{
    Act, BeatProgress, Certainty, Clock, Deed, Files, Player, Progress, Question, Shows, Task, content, seed_of,
};
use portable_pty::CommandBuilder;
use sockscope::i18n::Lang;

use super::reading::{Expected, LessonPane, letter};
use super::truths::Truths;
use crate::folder::Folder;
use crate::lesson_command::{lesson, out};
use crate::terminal::Terminal;

/// What stopped a play: which it was, where it stood, and its screen.
pub(crate) type Played<T = ()> = Result<T, String>;

/// How a student plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Answers and does everything rightly, and is certain.
    Right,
    /// Is certain of a wrong option, tries what does not do it, leaves steps out of order; answers rightly what comes back.
    Wrong,
    /// Skips everything.
    Skipped,
    /// As [`Way::Right`], but the program is killed twice.
    Killed,
}

impl Way {
    pub(crate) const ALL: [Self; 4] = [Self::Right, Self::Wrong, Self::Skipped, Self::Killed];
}

/// One lesson, played in one way.
#[derive(Clone, Debug)]
pub(crate) struct Play {
    pub(crate) files: Files,
    pub(crate) way: Way,
    pub(crate) lang: Lang,
    pub(crate) size: (u16, u16),
}

impl Play {
    /// Every combination of language and size has a student of its own, and so other numbers.
    fn student(&self) -> &'static str {
        match (self.lang, self.size.0 < 120) {
            (Lang::En, true) => "ada",
            (Lang::En, false) => "bob",
            (Lang::Zh, true) => "chen",
            (Lang::Zh, false) => "dong",
        }
    }

    fn id(&self) -> &str {
        self.files.folder.split_once('-').map_or("", |(_, id)| id)
    }

    /// Plays it from its first beat to its end card, and looks at what was kept.
    pub(crate) fn play(&self) -> Played {
        let folder = Folder::new(&self.files.folder);
        let mut script = Script::begin(self, &folder);
        script.stands()?;
        while !script.player.progress().finished {
            script.beat()?;
        }
        script.end()?;
        script.kept()?;
        script.handed_in()
    }
}

impl fmt::Display for Play {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { files, way, lang, size } = self;
        write!(f, "{}, {way:?}, {lang:?}, {}x{}", files.folder, size.0, size.1)
    }
}

/// A play under way.
pub(crate) struct Script<'a> {
    play: &'a Play,
    folder: &'a Folder,
    pub(super) terminal: Terminal,
    pub(super) player: Player,
    pub(super) truths: Truths,
    /// The seed that the truths are of: what comes back has other numbers.
    seed: u64,
    /// Things done, by which the headless clock goes.
    acts: u64,
    kills: u8,
}

impl<'a> Script<'a> {
    fn begin(play: &'a Play, folder: &'a Folder) -> Self {
        let player = Player::open(play.files.clone(), seed_of(play.student())).unwrap();
        let seed = player.lesson().seed;
        let truths = if play.way == Way::Skipped { Truths::default() } else { Truths::of(play.files.clone(), seed) };
        let terminal = opened(play, folder);
        Self { play, folder, terminal, player, truths, seed, acts: 0, kills: 0 }
    }

    pub(super) fn way(&self) -> Way {
        self.play.way
    }

    pub(super) fn lang(&self) -> Lang {
        self.play.lang
    }

    pub(super) fn view(&self) -> lessons::View {
        self.player.view(self.play.lang)
    }

    /// The play has gone wrong: what did not come, and where that was.
    pub(super) fn stuck<T>(&self, what: &str) -> Played<T> {
        let view = self.view();
        let retake = if view.retake.is_some() { " once more" } else { "" };
        let screen = self.terminal.picture().contents();
        Err(format!("{}, beat {}{retake}: {what}\n{screen}", self.play, view.beat))
    }

    /// Waits for a picture.
    pub(super) fn comes(&self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) -> Played {
        if self.terminal.comes(wanted) { Ok(()) } else { self.stuck(&format!("never: {what}")) }
    }

    /// Waits until what the player shows stands in the pane of the lesson.
    pub(super) fn stands(&self) -> Played {
        let expected = Expected::of(&self.view(), self.play.lang);
        let missing = |screen: &vt100::Screen| {
            LessonPane::on(screen).map_or(Some("its pane".to_owned()), |pane| expected.missing_at_first(&pane))
        };
        if self.terminal.comes(|screen| missing(screen).is_none()) {
            return Ok(());
        }
        let missing = missing(&self.terminal.picture()).unwrap_or_default();
        self.stuck(&format!("never: {missing}"))
    }

    /// The player does what was done by a key.
    pub(super) fn act(&mut self, act: Act) -> Played {
        self.acts += 1;
        let clock = Clock { opened: u64::from(self.kills), after: self.acts };
        let useless = format!("no use for {act:?}");
        if self.player.act_at(clock, act) { Ok(()) } else { self.stuck(&useless) }
    }

    /// The player's cursor goes where the program's has gone.
    pub(super) fn go(&mut self, moment: stack::lab::run::Moment) -> Played {
        self.acts += 1;
        let clock = Clock { opened: u64::from(self.kills), after: self.acts };
        if self.player.go_at(clock, moment) { Ok(()) } else { self.stuck(&format!("{moment:?} is hidden")) }
    }

    /// Presses keys, does the same, and waits for what it leads to.
    pub(super) fn press(&mut self, keys: &str, act: Act) -> Played {
        self.terminal.type_keys(keys);
        self.act(act)?;
        self.stands()
    }

    /// One thing to be read or done.
    fn beat(&mut self) -> Played {
        if self.way() == Way::Killed && self.is_time_to_be_killed() {
            return self.killed();
        }
        match self.view().shows {
            Shows::Words | Shows::Verdict(_) | Shows::Closing(_) => self.on(),
            Shows::Question(question) if self.way() == Way::Skipped => {
                // What is picked is skipped by the same key.
                self.press("\u{1b}", Act::Skip).map(|()| drop(question))
            }
            Shows::Question(question) => self.answer(&question),
            Shows::Ranking(ranking) if ranking.is_answered() => self.on(),
            Shows::Ranking(_) if self.way() == Way::Skipped => self.press("\u{1b}", Act::Skip),
            Shows::Ranking(ranking) => self.order(&ranking),
            Shows::Work(work) if work.done => self.on(),
            Shows::Work(_) if self.way() == Way::Skipped => self.press(" ", Act::Next),
            Shows::Work(_) => self.work(),
        }
    }

    /// Reads all pages, then goes on to the next beat.
    fn on(&mut self) -> Played {
        self.read()?;
        self.press(" ", Act::Next)
    }

    /// Turns the pages to the last; all that the player shows must have stood there.
    fn read(&mut self) -> Played {
        let pane = |screen: &vt100::Screen| LessonPane::on(screen);
        let mut text = String::new();
        while let Some(seen) = pane(&self.terminal.picture()) {
            text.push_str(&seen.text);
            let Some(page) = seen.page_before_another() else { break };
            self.terminal.type_keys(" ");
            let turned = |seen: LessonPane| seen.page_before_another() != Some(page);
            self.comes(&format!("the page behind {page}"), |screen| pane(screen).is_some_and(turned))?;
        }
        match Expected::of(&self.view(), self.play.lang).missing_in(&text) {
            Some(missing) => self.stuck(&format!("on no page: {missing}")),
            None => Ok(()),
        }
    }

    /// Answers a question, in the way of this play; what comes back is answered rightly.
    fn answer(&mut self, question: &Question) -> Played {
        self.learn();
        let Some(truth) = self.truths.option(&self.player) else { return self.stuck("no truth is known") };
        let is_wrong = self.way() == Way::Wrong && self.view().retake.is_none();
        let option = if is_wrong { (truth + 1) % question.options.len() } else { truth };
        if question.picks.is_empty() {
            self.terminal.type_keys(&format!("{}3\r", letter(option)));
            self.act(Act::Choose(option))?;
        } else {
            self.pick(question, option)?;
            self.terminal.type_keys("3\r");
        }
        self.act(Act::Certainty(3))?;
        self.act(Act::Answer)?;
        self.stands()
    }

    /// Learns what is right with the numbers that are played now.
    pub(super) fn learn(&mut self) {
        let seed = self.player.lesson().seed;
        if seed != self.seed {
            self.truths = Truths::of(self.play.files.clone(), seed);
            self.seed = seed;
        }
    }

    /// Once while a beat of the middle is open, and once right after a later answer.
    fn is_time_to_be_killed(&self) -> bool {
        let view = self.view();
        let number = content::number(&self.play.files.folder).unwrap_or(0) as usize;
        let beat = 2 + number % (view.beats - 2);
        match self.kills {
            0 => view.beat == beat,
            1 => view.beat > beat && matches!(view.shows, Shows::Verdict(_)),
            _ => false,
        }
    }

    /// The program is killed in the middle of a beat, and opened once more: it stands at the first beat that is open, and answers
    /// given stay given.
    fn killed(&mut self) -> Played {
        match &self.view().shows {
            Shows::Question(question) if question.picks.is_empty() => self.press("a", Act::Choose(0))?,
            Shows::Question(_) | Shows::Work(_) | Shows::Ranking(_) => self.press("h", Act::Hint)?,
            Shows::Words | Shows::Verdict(_) | Shows::Closing(_) => {}
        }
        let pid = i32::try_from(self.terminal.child.process_id().unwrap()).unwrap();
        let pid = rustix::process::Pid::from_raw(pid).unwrap();
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        if self.terminal.wait() {
            return self.stuck("it was not killed");
        }
        self.kept()?;
        self.kills += 1;
        self.player = Player::resume(self.play.files.clone(), self.player.progress().clone()).unwrap();
        self.terminal = opened(self.play, self.folder);
        self.stands()
    }

    /// The end card: all of its pages, then out of the program.
    fn end(&mut self) -> Played {
        self.read()?;
        self.terminal.type_keys("q");
        if !self.terminal.wait() {
            return self.stuck("it ended badly");
        }
        self.terminal.is_given_back();
        Ok(())
    }

    /// What the program has kept of the student is what the player has done.
    fn kept(&self) -> Played {
        let path = format!("state/sockscope/lessons/student-{}/{}.json", self.play.student(), self.play.id());
        let Ok(text) = fs::read_to_string(self.folder.path(&path)) else { return self.stuck("nothing was kept") };
        let kept: Progress = serde_json::from_str(&text).unwrap();
        let own = self.player.progress();
        if (kept.finished, &kept.beats) != (own.finished, &own.beats) {
            return self.stuck(&format!("kept: {:#?}\ndone: {:#?}", kept.beats, own.beats));
        }
        let deeds = |progress: &Progress| -> Vec<(String, bool, Deed)> {
            progress.entries().map(|entry| (entry.beat.clone(), entry.retake, entry.did.clone())).collect()
        };
        if deeds(&kept) != deeds(own) {
            return self.stuck(&format!("kept: {:#?}\ndone: {:#?}", deeds(&kept), deeds(own)));
        }
        if kept.finished { self.is_of_its_way(&kept) } else { Ok(()) }
    }

    /// Every beat was played in the way of this play.
    fn is_of_its_way(&self, kept: &Progress) -> Played {
        for beat in &self.player.lesson().beats {
            let kept = kept.beats.get(&beat.id).cloned().unwrap_or_default();
            let answers: Vec<(bool, Certainty)> =
                kept.answers.iter().map(|answer| (answer.right, answer.certainty)).collect();
            let (right, wrong) = ((true, Certainty::Certain), (false, Certainty::Certain));
            let answered: &[(bool, Certainty)] = match (self.way(), asks(&beat.task)) {
                (Way::Skipped, _) | (_, false) => &[],
                (Way::Right | Way::Killed, true) => &[right],
                (Way::Wrong, true) => &[wrong, right],
            };
            let BeatProgress { done, skipped, .. } = kept;
            let is_well = match (self.way(), &beat.task) {
                (_, Task::Show) => done && !skipped,
                (Way::Skipped, _) => skipped && !done,
                // Steps that were left out of order are neither.
                (Way::Wrong, Task::Order { .. }) => !done && !skipped,
                (_, Task::Predict { .. }) => !skipped,
                _ => done && !skipped,
            };
            if answers != answered || !is_well {
                return self.stuck(&format!("{} was kept as {kept:#?}", beat.id));
            }
        }
        Ok(())
    }

    /// The hand-in of the lesson is verified, and says of its student what must be.
    fn handed_in(&self) -> Played {
        let report = ["--report", "me.json", "--student", self.play.student()];
        let written = lesson(self.folder, &[&[self.play.id()][..], &report].concat());
        if !written.status.success() {
            return self.stuck(&format!("no hand-in: {written:?}"));
        }
        let verified = out(&lesson(self.folder, &["verify", "me.json", "--json"]));
        let rows: serde_json::Value = serde_json::from_str(&verified).unwrap_or_default();
        let beats = &self.player.lesson().beats;
        let questions = beats.iter().filter(|beat| asks(&beat.task)).count();
        let open = beats.iter().filter(|beat| beat.task != Task::Show).count();
        let (right, wrong, skipped) = match self.way() {
            Way::Right | Way::Killed => (questions, 0, 0),
            Way::Wrong => (0, questions, 0),
            Way::Skipped => (0, 0, open),
        };
        let told = ["state", "finished", "questions", "right_at_first", "certain_and_wrong", "skipped"];
        let told = told.map(|key| rows[0][key].clone());
        let wanted: [serde_json::Value; 6] =
            ["ok".into(), true.into(), questions.into(), right.into(), wrong.into(), skipped.into()];
        if told == wanted { Ok(()) } else { self.stuck(&format!("verified as {verified}, wanted {wanted:?}")) }
    }
}

/// Whether a beat has options.
fn asks(task: &Task) -> bool {
    match task {
        Task::Predict { .. } => true,
        Task::Investigate { options, .. } => !options.is_empty(),
        Task::Show | Task::Modify { .. } | Task::Order { .. } | Task::Make { .. } => false,
    }
}

/// The program with the lesson, as the student starts it there.
fn opened(play: &Play, folder: &Folder) -> Terminal {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_sockscope"));
    let lang = if play.lang == Lang::En { "en" } else { "zh" };
    command.args(["lesson", play.id(), "--student", play.student(), "--lang", lang]);
    command.env("XDG_STATE_HOME", folder.path("state"));
    command.env("XDG_CONFIG_HOME", folder.path("config"));
    command.env("TERM", "xterm-256color");
    Terminal::answering(command, play.size)
}

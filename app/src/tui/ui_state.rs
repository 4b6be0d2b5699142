//! What the person has arranged: focus, zoom, scroll, theme, language, what lies over the screen. Nothing of the run.

use stack::lab::query::{Known, QueryError};
use stack::wire::edit::{FrameField, fields, mend_checksums};
use tui_input::Input;

use super::action::Mode;
use super::keymap::{Key, Keymap};
use super::pane::PaneStyle;
use super::pane::card::CardView;
use super::pane::go::GoView;
use super::pane::reading::ReadingView;
use super::pane::side::SideView;
use super::panes::row;
use super::playback::Playback;
use super::theme::{Palettes, Theme};
use super::why_view::WhyView;
use crate::i18n::{Lang, Message, Words};
use crate::picture::Pane;
use crate::picture::comparison::Comparison;
use crate::picture::proc_net::ProcText;
use crate::picture::skb::SkbCard;
use crate::picture::times::Times;
use crate::session::call_line::{CallLineError, Surroundings};

/// How one pane is looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaneView {
    /// Rows scrolled.
    pub scroll: i32,
    /// Columns scrolled.
    pub shift: u16,
    /// The selected row.
    pub selected: usize,
}

/// Work that takes longer than a moment: a search through a long run, say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How much is done, in any unit.
    pub done: u64,
    /// How much there is, in the same unit; 0 while that is not known.
    pub of: u64,
    /// What is being done.
    pub label: Words,
}

/// What a one-line prompt asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asking {
    /// Text to find in the focused pane.
    Find,
    /// The number of a step.
    Step,
    /// The number of a frame of an observed capture.
    CapturedFrame,
    /// A file to open.
    File,
    /// A command for the network of a live session.
    Shell,
    /// System calls for a task of the lesson.
    WriteCalls,
    /// The lesson in one's own words.
    Write,
    /// A letter for a new mark.
    SetMark,
    /// The letter of a mark.
    GoMark,
    /// How long this frame is held back.
    Delay(u64),
    /// Which octet of this frame is damaged.
    Octet(u64),
    /// What the run is compared with.
    Compare,
    /// Which connections of a capture are shown.
    Filter,
}

impl Asking {
    /// What stands before the line.
    #[must_use]
    pub fn words(self) -> Message {
        match self {
            Self::Find => Message::FindPrompt,
            Self::Step => Message::StepPrompt,
            Self::CapturedFrame => Message::FramePrompt,
            Self::File => Message::OpenPrompt,
            Self::Write => Message::SayPrompt,
            Self::WriteCalls => Message::CallsPrompt,
            Self::Shell => Message::ShellPrompt,
            Self::SetMark => Message::Mark,
            Self::GoMark => Message::MarkGo,
            Self::Delay(_) => Message::DelayPrompt,
            Self::Octet(_) => Message::OctetPrompt,
            Self::Compare => Message::ComparePrompt,
            Self::Filter => Message::FilterPrompt,
        }
    }

    /// Whether one key answers it.
    #[must_use]
    pub fn takes_a_letter(self) -> bool {
        matches!(self, Self::SetMark | Self::GoMark)
    }
}

/// What lies over the screen.
#[derive(Clone, Debug, Default)]
pub enum Overlay {
    /// Nothing.
    #[default]
    Nothing,
    /// The help.
    Help(Input, usize),
    /// The palette.
    Palette(Input, usize),
    /// A one-line prompt.
    Prompt(Asking, Input),
    /// What a command said.
    Output(String, Vec<String>),
    /// The panel after a prefix key.
    WhichKey(Key),
    /// The prompt for system calls.
    Call(Box<Typing>),
    /// The texts of /proc/net.
    ProcNet(Box<ProcView>),
    /// Two runs or moments side by side.
    Compare(Box<CompareView>),
    /// The fields of a frame, to be edited.
    Frame(Box<FrameForm>),
    /// What can be asked about what is selected, or an answer.
    Why(Box<WhyView>),
    /// The prompt for stops.
    Stop(Box<StopTyping>),
    /// Go anywhere.
    Go(Box<GoView>),
    /// The card of a word.
    Card(Box<CardView>),
    /// The card of a buffer.
    Skb(Box<SkbCardView>),
    /// In whose place 1.2.13 is put in a connection of a capture.
    Side(Box<SideView>),
    /// A text that is read: the stream of a connection, or entries of the list of differences.
    Reading(Box<ReadingView>),
}

/// The card of a buffer as it is looked at.
#[derive(Clone, Debug)]
pub struct SkbCardView {
    /// The card.
    pub card: SkbCard,
    /// Rows scrolled.
    pub scroll: usize,
}

/// The prompt for system calls.
#[derive(Clone, Debug, Default)]
pub struct Typing {
    /// The host that the call is for.
    pub host: usize,
    /// Its name.
    pub name: String,
    /// What is typed.
    pub input: Input,
    /// The line of the history that is shown.
    pub recalled: Option<usize>,
    /// What was typed before the history was looked at.
    pub draft: String,
    /// The words that Tab walks through.
    pub offer: Option<Offer>,
    /// What is wrong with the line.
    pub complaint: Option<CallLineError>,
    /// Open descriptors and earlier calls.
    pub around: Surroundings,
}

/// The prompt for stops.
#[derive(Clone, Debug, Default)]
pub struct StopTyping {
    /// What is typed.
    pub input: Input,
    /// The line of the history that is shown.
    pub recalled: Option<usize>,
    /// What was typed before the history was looked at.
    pub draft: String,
    /// The words that Tab walks through.
    pub offer: Option<Offer>,
    /// What is wrong with the line.
    pub complaint: Option<QueryError>,
    /// The hosts, socks and processes that can be named.
    pub known: Known,
}

/// Words that may stand in the place of the one at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// Where the word begins, in characters.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The words.
    pub words: Vec<String>,
    /// The one that stands there now.
    pub chosen: usize,
}

/// A comparison as it is looked at.
#[derive(Clone, Debug)]
pub struct CompareView {
    /// What is compared.
    pub comparison: Comparison,
    /// The selected line.
    pub selected: usize,
}

/// A frame whose fields are being edited.
#[derive(Clone, Debug)]
pub struct FrameForm {
    /// Its number.
    pub frame: u64,
    /// Its bytes as they left.
    pub was: Vec<u8>,
    /// Its fields, in the order of the wire.
    pub fields: Vec<FrameField>,
    /// The selected field.
    pub selected: usize,
    /// Whether the checksums are made right again.
    pub mends: bool,
    /// The value that is being typed for the selected field.
    pub input: Option<Input>,
    /// Why the last value was not taken.
    pub complaint: Option<String>,
    now: Vec<u8>,
}

impl FrameForm {
    /// A form with nothing changed; it begins at the last header, which is what people change most.
    #[must_use]
    pub fn new(frame: u64, bytes: Vec<u8>) -> Self {
        let fields = fields(&bytes);
        let last = fields.last().map(|field| field.at);
        let selected = fields.iter().position(|field| Some(field.at) == last).unwrap_or(0);
        Self { frame, now: bytes.clone(), was: bytes, fields, selected, mends: true, input: None, complaint: None }
    }

    /// The bytes as they are to arrive.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.now.clone();
        if self.mends && self.now != self.was {
            mend_checksums(&mut bytes);
        }
        bytes
    }

    /// Whether a row is a field of its own, not a part of the one above it.
    #[must_use]
    pub fn is_whole(&self, row: usize) -> bool {
        let part = self.fields.get(row);
        let holds = |whole: &FrameField| {
            part.is_some_and(|part| {
                whole.at == part.at && whole.field.parts.iter().any(|inner| inner.name == part.field.name)
            })
        };
        !self.fields.iter().take(row).any(holds)
    }

    /// Whether a row is the first of its header.
    #[must_use]
    pub fn begins_header(&self, row: usize) -> bool {
        let at = |row: usize| self.fields.get(row).map(|field| field.at);
        row == 0 || at(row) != at(row - 1)
    }

    /// Begins to type a value for the selected field.
    pub fn begin(&mut self) {
        self.input = self.fields.get(self.selected).map(|field| Input::new(field.value(&self.now)));
    }

    /// Turns the selected field, where it is a single bit.
    pub fn flip(&mut self) {
        let Some(field) = self.fields.get(self.selected).filter(|field| field.field.bits.len() == 1) else { return };
        let other = if field.value(&self.now) == "0" { "1" } else { "0" };
        field.set(&mut self.now, other);
    }

    /// Sets the selected field to what was typed, or says why that is no value for it.
    pub fn set(&mut self, typed: &str, lang: Lang) {
        let Some(field) = self.fields.get(self.selected) else { return };
        if field.set(&mut self.now, typed) {
            self.input = None;
            self.complaint = None;
        } else {
            let bits = field.field.bits.len().to_string();
            self.complaint = Some(Message::FormMisfit.fill(lang, &[typed, field.field.name, &bits]));
        }
    }
}

/// A text of /proc/net as it is looked at.
#[derive(Clone, Debug, Default)]
pub struct ProcView {
    /// Lines scrolled.
    pub scroll: usize,
    /// Whether it takes the whole screen.
    pub whole: bool,
    /// The text, and which file it is.
    pub text: ProcText,
}

/// The arrangement of the screen.
#[derive(Clone, Debug)]
pub struct UiState {
    /// The colours.
    pub theme: Theme,
    /// The colours of every theme.
    pub palettes: Palettes,
    /// Whether the person has chosen the theme; otherwise it follows the terminal's background, once that is known.
    pub is_theme_chosen: bool,
    /// Whether the terminal's background is light, where it has said so.
    pub terminal_is_light: Option<bool>,
    /// Whether the terminal draws characters of ambiguous width over two cells: ASCII stands in their place then.
    pub is_ambiguous_wide: bool,
    /// The keys of every action.
    pub keys: Keymap,
    /// The language.
    pub lang: Lang,
    /// Only characters from 0x20 to 0x7e are drawn.
    pub ascii: bool,
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// The pane with the focus.
    pub focus: Pane,
    /// The pane on the left of small screens.
    pub left: Pane,
    /// The pane on the right of small screens.
    pub pinned: Pane,
    /// Whether the focused pane takes all the room.
    pub zoomed: bool,
    /// How each pane is looked at.
    pub views: [PaneView; Pane::ALL.len()],
    /// What lies over the screen.
    pub overlay: Overlay,
    /// The prefix key pressed, before its panel appears.
    pub prefix: Option<Key>,
    /// Whether the panel of a prompt that takes one key is shown: a moment after the prompt.
    pub panel: bool,
    /// The marks that are set, each with its step, while one is asked for.
    pub marks: Vec<(char, u64)>,
    /// The sentence that answers the last action.
    pub message: Option<String>,
    /// The step of an Oops whose card has been put away.
    pub oops_read: Option<u64>,
    /// The work that is going on, while it has taken more than 100 ms; whoever does it sets this, and takes it away at the end.
    pub progress: Option<Progress>,
    /// Whether sequence numbers are relative.
    pub relative: bool,
    /// How the times of frames are told.
    pub times: Times,
    /// The host that is looked at.
    pub host: usize,
    /// How the run plays.
    pub playback: Playback,
    /// The speed of playing, in quarters.
    pub speed: u32,
    /// The item selected on the home screen.
    pub item: usize,
    /// Whether the code pane shows the person's own copy of the kernel's source too.
    pub kernel_source: bool,
    /// The text last looked for.
    pub found: String,
    /// What was typed last to go anywhere.
    pub gone_to: String,
    /// The system calls typed in this session, oldest first.
    pub typed: Vec<String>,
    /// The answer that was put away to look at one of its moments.
    pub why: Option<Box<WhyView>>,
    /// The stops typed in this session, oldest first.
    pub typed_stops: Vec<String>,
    /// Whether a table of connections lies behind the run.
    pub is_from_table: bool,
}

impl UiState {
    /// A fresh arrangement.
    #[must_use]
    pub fn new(theme: Theme, lang: Lang) -> Self {
        Self {
            theme,
            palettes: Palettes::default(),
            is_theme_chosen: false,
            terminal_is_light: None,
            is_ambiguous_wide: false,
            keys: Keymap::default(),
            lang,
            ascii: false,
            mouse: true,
            focus: Pane::Code,
            left: Pane::Code,
            pinned: Pane::Ladder,
            zoomed: false,
            views: [PaneView::default(); Pane::ALL.len()],
            overlay: Overlay::Nothing,
            prefix: None,
            panel: false,
            marks: Vec::new(),
            message: None,
            oops_read: None,
            progress: None,
            relative: true,
            times: Times::default(),
            host: 0,
            playback: Playback::Paused,
            speed: 4,
            item: 0,
            kernel_source: false,
            found: String::new(),
            gone_to: String::new(),
            typed: Vec::new(),
            why: None,
            typed_stops: Vec::new(),
            is_from_table: false,
        }
    }

    /// How a pane is looked at: where it has no cursor of its own, as the pane is whose cursor it shares.
    #[must_use]
    pub fn view(&self, pane: Pane) -> PaneView {
        let owner = row(pane).content.cursor_of.unwrap_or(pane);
        self.views.get(owner.index()).copied().unwrap_or_default()
    }

    /// Changes how a pane is looked at.
    pub fn change(&mut self, pane: Pane, change: impl FnOnce(&mut PaneView)) {
        let owner = row(pane).content.cursor_of.unwrap_or(pane);
        if let Some(view) = self.views.get_mut(owner.index()) {
            change(view);
        }
    }

    /// The style handed to a pane: colours, language, and how the person looks at it.
    #[must_use]
    pub fn style(&self, pane: Pane) -> PaneStyle<'_> {
        let view = self.view(pane);
        PaneStyle {
            theme: &self.theme,
            keys: &self.keys,
            lang: self.lang,
            title: row(pane).title.text(self.lang),
            focused: self.focus == pane,
            digit: row(pane).digit(),
            scroll: view.scroll,
            shift: view.shift,
            selected: view.selected,
            times: self.times,
        }
    }

    /// The style handed to what is no pane.
    #[must_use]
    pub fn plain(&self) -> PaneStyle<'_> {
        PaneStyle {
            theme: &self.theme,
            keys: &self.keys,
            lang: self.lang,
            title: "",
            focused: false,
            digit: None,
            scroll: 0,
            shift: 0,
            selected: 0,
            times: self.times,
        }
    }

    /// Gives the focus to a pane; on small screens it takes the left half, unless it is the pinned one or the lesson, which
    /// has a strip of its own.
    pub fn focus_on(&mut self, pane: Pane) {
        self.focus = pane;
        if pane != self.pinned && pane != Pane::Lesson {
            self.left = pane;
        }
    }

    /// The tab that is lit on small screens: the focused pane's, or the left one's while the focus is in the lesson.
    #[must_use]
    pub fn open_tab(&self) -> Pane {
        if self.focus == Pane::Lesson { self.left } else { self.focus }
    }

    /// The mode of the keys.
    #[must_use]
    pub fn mode(&self, home: bool, asking: bool) -> Mode {
        match (home, asking, self.focus) {
            (true, _, _) => Mode::Home,
            (_, true, _) => Mode::Quiz,
            (_, _, Pane::Ladder) => Mode::Ladder,
            (_, _, Pane::Timers) => Mode::Timers,
            (_, _, Pane::Branches) => Mode::Branches,
            (_, _, Pane::Stops) => Mode::Stops,
            (_, _, Pane::Outline) => Mode::Outline,
            _ => Mode::Main,
        }
    }
}

import Archive from '@lucide/svelte/icons/archive'
import ArrowDownUp from '@lucide/svelte/icons/arrow-down-up'
import Bell from '@lucide/svelte/icons/bell'
import Blocks from '@lucide/svelte/icons/blocks'
import BookUser from '@lucide/svelte/icons/book-user'
import Bot from '@lucide/svelte/icons/bot'
import Braces from '@lucide/svelte/icons/braces'
import Building from '@lucide/svelte/icons/building'
import Calculator from '@lucide/svelte/icons/calculator'
import Calendar from '@lucide/svelte/icons/calendar'
import CalendarCheck from '@lucide/svelte/icons/calendar-check'
import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import CircleCheck from '@lucide/svelte/icons/circle-check'
import CircleHelp from '@lucide/svelte/icons/circle-help'
import CircleStop from '@lucide/svelte/icons/circle-stop'
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check'
import Clock from '@lucide/svelte/icons/clock'
import Code from '@lucide/svelte/icons/code'
import CornerUpLeft from '@lucide/svelte/icons/corner-up-left'
import CreditCard from '@lucide/svelte/icons/credit-card'
import Database from '@lucide/svelte/icons/database'
import Dices from '@lucide/svelte/icons/dices'
import Download from '@lucide/svelte/icons/download'
import FileText from '@lucide/svelte/icons/file-text'
import Filter from '@lucide/svelte/icons/filter'
import Flag from '@lucide/svelte/icons/flag'
import Gauge from '@lucide/svelte/icons/gauge'
import GitBranch from '@lucide/svelte/icons/git-branch'
import GitFork from '@lucide/svelte/icons/git-fork'
import GitMerge from '@lucide/svelte/icons/git-merge'
import Globe from '@lucide/svelte/icons/globe'
import HandCoins from '@lucide/svelte/icons/hand-coins'
import Hourglass from '@lucide/svelte/icons/hourglass'
import Inbox from '@lucide/svelte/icons/inbox'
import Key from '@lucide/svelte/icons/key'
import Languages from '@lucide/svelte/icons/languages'
import Link from '@lucide/svelte/icons/link'
import List from '@lucide/svelte/icons/list'
import ListChecks from '@lucide/svelte/icons/list-checks'
import ListFilter from '@lucide/svelte/icons/list-filter'
import ListPlus from '@lucide/svelte/icons/list-plus'
import Mail from '@lucide/svelte/icons/mail'
import Megaphone from '@lucide/svelte/icons/megaphone'
import MessageCircle from '@lucide/svelte/icons/message-circle'
import MessageSquare from '@lucide/svelte/icons/message-square'
import Moon from '@lucide/svelte/icons/moon'
import OctagonX from '@lucide/svelte/icons/octagon-x'
import Pause from '@lucide/svelte/icons/pause'
import Pencil from '@lucide/svelte/icons/pencil'
import Percent from '@lucide/svelte/icons/percent'
import Phone from '@lucide/svelte/icons/phone'
import Play from '@lucide/svelte/icons/play'
import Plus from '@lucide/svelte/icons/plus'
import Radio from '@lucide/svelte/icons/radio'
import Receipt from '@lucide/svelte/icons/receipt'
import Repeat from '@lucide/svelte/icons/repeat'
import Reply from '@lucide/svelte/icons/reply'
import Rss from '@lucide/svelte/icons/rss'
import Search from '@lucide/svelte/icons/search'
import Send from '@lucide/svelte/icons/send'
import ShieldAlert from '@lucide/svelte/icons/shield-alert'
import ShieldCheck from '@lucide/svelte/icons/shield-check'
import Shuffle from '@lucide/svelte/icons/shuffle'
import Sigma from '@lucide/svelte/icons/sigma'
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal'
import Smile from '@lucide/svelte/icons/smile'
import Sparkles from '@lucide/svelte/icons/sparkles'
import Split from '@lucide/svelte/icons/split'
import Star from '@lucide/svelte/icons/star'
import Table from '@lucide/svelte/icons/table'
import Tag from '@lucide/svelte/icons/tag'
import TagX from '@lucide/svelte/icons/tag-x'
import Target from '@lucide/svelte/icons/target'
import Text from '@lucide/svelte/icons/text'
import Timer from '@lucide/svelte/icons/timer'
import Type from '@lucide/svelte/icons/type'
import Undo2 from '@lucide/svelte/icons/undo-2'
import Upload from '@lucide/svelte/icons/upload'
import User from '@lucide/svelte/icons/user'
import UserCheck from '@lucide/svelte/icons/user-check'
import UserPen from '@lucide/svelte/icons/user-pen'
import UserPlus from '@lucide/svelte/icons/user-plus'
import Users from '@lucide/svelte/icons/users'
import Variable from '@lucide/svelte/icons/variable'
import Webhook from '@lucide/svelte/icons/webhook'
import Workflow from '@lucide/svelte/icons/workflow'
import Zap from '@lucide/svelte/icons/zap'
import type { NodeFamily } from '#contract/node-type.ts'
import type { Icon } from '#lib/ui/icon.ts'

/** The icons that node types may name. A type that needs another adds it here; a test sees that none is missing. */
export const nodeIcons: Readonly<Record<string, Icon>> = {
  archive: Archive,
  'arrow-down-up': ArrowDownUp,
  bell: Bell,
  blocks: Blocks,
  'book-user': BookUser,
  bot: Bot,
  braces: Braces,
  building: Building,
  calculator: Calculator,
  calendar: Calendar,
  'calendar-check': CalendarCheck,
  'calendar-clock': CalendarClock,
  'circle-check': CircleCheck,
  'circle-help': CircleHelp,
  'circle-stop': CircleStop,
  'clipboard-check': ClipboardCheck,
  clock: Clock,
  code: Code,
  'corner-up-left': CornerUpLeft,
  'credit-card': CreditCard,
  database: Database,
  dices: Dices,
  download: Download,
  'file-text': FileText,
  filter: Filter,
  flag: Flag,
  gauge: Gauge,
  'git-branch': GitBranch,
  'git-fork': GitFork,
  'git-merge': GitMerge,
  globe: Globe,
  'hand-coins': HandCoins,
  hourglass: Hourglass,
  inbox: Inbox,
  key: Key,
  languages: Languages,
  link: Link,
  list: List,
  'list-checks': ListChecks,
  'list-filter': ListFilter,
  'list-plus': ListPlus,
  mail: Mail,
  megaphone: Megaphone,
  'message-circle': MessageCircle,
  'message-square': MessageSquare,
  moon: Moon,
  'octagon-x': OctagonX,
  pause: Pause,
  pencil: Pencil,
  percent: Percent,
  phone: Phone,
  play: Play,
  plus: Plus,
  radio: Radio,
  receipt: Receipt,
  repeat: Repeat,
  reply: Reply,
  rss: Rss,
  search: Search,
  send: Send,
  'shield-alert': ShieldAlert,
  'shield-check': ShieldCheck,
  shuffle: Shuffle,
  sigma: Sigma,
  'sliders-horizontal': SlidersHorizontal,
  smile: Smile,
  sparkles: Sparkles,
  split: Split,
  star: Star,
  table: Table,
  tag: Tag,
  'tag-x': TagX,
  target: Target,
  text: Text,
  timer: Timer,
  type: Type,
  'undo-2': Undo2,
  upload: Upload,
  user: User,
  'user-check': UserCheck,
  'user-pen': UserPen,
  'user-plus': UserPlus,
  users: Users,
  variable: Variable,
  webhook: Webhook,
  workflow: Workflow,
  zap: Zap,
}

const familyIcons: Record<NodeFamily, Icon> = {
  trigger: Zap,
  flow: GitBranch,
  people: User,
  message: Send,
  record: Database,
  data: Braces,
  code: Code,
  service: Globe,
}

/** A node type's icon; its family's when the type names one that is not here. */
export function nodeIcon(name: string, family: NodeFamily): Icon {
  return nodeIcons[name] ?? familyIcons[family]
}

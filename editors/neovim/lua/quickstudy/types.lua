---@meta
-- What the server answers and the options, for the Lua language server.

---@class quickstudy.Options
---@field corner boolean Show progress and messages in the corner of the screen; else by `vim.notify`.
---@field codelens boolean Show the figures of a faster variant at its function.

---@class quickstudy.Words A speedup as a person reads it; empty if there is none.
---@field speedup string Such as `12x`.
---@field interval string Such as `11x to 13x`.

---@class quickstudy.VerdictWords: quickstudy.Words A verdict as a person reads it, beside its speedup.
---@field verdict string Such as `Took too long`.

---@class quickstudy.Job
---@field job string Its id.
---@field uri string
---@field qualname string Dotted for methods.
---@field name string
---@field state 'queued'|'running'|'offered'
---@field said string The last sentence about it.
---@field percentage integer
---@field round integer The one under way; 0 before the first.
---@field rounds integer
---@field phase 'preparing'|'fetching'|'proposing'|'judging'|'explaining'|'over'
---@field speedup? number
---@field words quickstudy.Words
---@field line integer The row of the function's name, from 0.
---@field page? string Address of the page about its offer.
---@field client integer The client that knows it; added here.

---@class quickstudy.Preview
---@field uri string
---@field version integer
---@field before string The text of the buffer.
---@field after string The same with the faster variant in it.
---@field start integer The function's line, from 0.
---@field title string

---@class quickstudy.Lesson
---@field id integer
---@field text string
---@field outcome string
---@field words quickstudy.VerdictWords
---@field agent string
---@field path string
---@field qualname string
---@field pinned boolean
---@field uri? string The function's file, if it is there.
---@field root string Address of its project.

---@class quickstudy.Candidate
---@field id string
---@field agent string
---@field round integer
---@field verdict string
---@field reason? string
---@field words quickstudy.VerdictWords
---@field lessons_used integer[]

---@class quickstudy.Report
---@field verdict string
---@field reason? string
---@field target { path: string, qualname: string }
---@field best? { candidate: string, words: quickstudy.Words }
---@field candidates quickstudy.Candidate[]
---@field lessons { id: integer, agent: string, round: integer, outcome: string, text: string, words: quickstudy.VerdictWords }[]
---@field failures { agent: string, round: integer, reason: string }[]
---@field workload { origins: string[], calls: integer, distinct: integer, holdout: integer }
---@field usage { prompt_tokens: integer, completion_tokens: integer, words: table<string, string> }
---@field machine { python: string, platform: string, cpu: string, sandbox: string }

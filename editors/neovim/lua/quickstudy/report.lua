-- The page about one run: every variant with its verdict and reason, the lessons, and what it cost.

local page = require('quickstudy.page')
local server = require('quickstudy.server')
local words = require('quickstudy.words')

local M = {}

---@param report quickstudy.Report
---@param job quickstudy.Job
---@return string
local function outcome(report, job)
  if job.state == 'running' or job.state == 'queued' then
    return ('It is not over yet: %s.'):format(job.said ~= '' and job.said or 'it waits for its turn')
  elseif report.best then
    return ('Variant %s is faster: %s.'):format(report.best.candidate, words.interval(report.best))
  end
  return report.reason and words.line(report.reason) or 'No faster variant was found.'
end

---@param report quickstudy.Report
---@return string
local function evidence(report)
  local work = report.workload
  if work.distinct == 0 then
    return 'No call to check and time it with was found so far.'
  end
  return ('Checked and timed on %d different calls, from %s; %d of them were held out for the confirmation.'):format(
    work.distinct,
    table.concat(work.origins, ', '),
    work.holdout
  )
end

---@param candidate quickstudy.Candidate
---@return string
local function variant(candidate)
  local timed = words.interval(candidate)
  return ('- %s by %s: %s%s%s'):format(
    candidate.id,
    words.line(candidate.agent),
    candidate.words.verdict:lower(),
    timed ~= '' and ', ' .. timed or '',
    candidate.reason and '. ' .. words.line(candidate.reason) or ''
  )
end

---@param report quickstudy.Report
---@param job quickstudy.Job
---@return string[]
local function rows(report, job)
  local target, usage, machine = report.target, report.usage, report.machine
  local spent = usage.words
  local where = ('# %s in %s'):format(target.qualname, words.line(target.path))
  local lines = { where, '', outcome(report, job), evidence(report) }
  local round = nil
  for _, candidate in ipairs(report.candidates) do
    if candidate.round ~= round then
      round = candidate.round
      vim.list_extend(lines, { '', ('## Round %d'):format(round), '' })
    end
    table.insert(lines, variant(candidate))
  end
  if #report.failures > 0 then
    vim.list_extend(lines, { '', '## No answer', '' })
  end
  for _, failure in ipairs(report.failures) do
    table.insert(lines, ('- Round %d, %s: %s'):format(failure.round, words.line(failure.agent), words.line(failure.reason)))
  end
  if #report.lessons > 0 then
    vim.list_extend(lines, { '', '## Lessons', '' })
  end
  for _, lesson in ipairs(report.lessons) do
    table.insert(lines, ('- #%d, %s: %s'):format(lesson.id, lesson.words.verdict:lower(), words.line(lesson.text)))
  end
  vim.list_extend(lines, {
    '',
    '## Cost',
    '',
    ('- %d tokens read, %d written, %s'):format(usage.prompt_tokens, usage.completion_tokens, spent.cost),
    ('- %s: finding calls %s, models %s, checking %s, timing %s'):format(
      spent.total,
      spent.prepare,
      spent.generate,
      spent.check,
      spent.time
    ),
    ('- Python %s on %s, sandbox %s'):format(machine.python, machine.cpu, machine.sandbox),
  })
  return lines
end

---@param client vim.lsp.Client
---@param job quickstudy.Job
function M.open(client, job)
  server.ask(client, 'report', { job = job.job }, function(report)
    local buffer = page.buffer('report of ' .. job.qualname, rows(report, job), 'markdown')
    page.show(buffer, 'Report', {})
  end)
end

return M

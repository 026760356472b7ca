-- What the user commands do: find the job that is meant, and ask its server.

local corner = require('quickstudy.corner')
local jobs = require('quickstudy.jobs')
local server = require('quickstudy.server')
local words = require('quickstudy.words')

local M = {}

--- The jobs that can be meant here: that of the name under the cursor, else those of this buffer, else all.
---@param all quickstudy.Job[]
---@return quickstudy.Job[]
local function meant(all)
  local file, row = vim.api.nvim_buf_get_name(0), vim.api.nvim_win_get_cursor(0)[1] - 1
  local here, on = {}, {}
  for _, job in ipairs(all) do
    if vim.uri_to_fname(job.uri) == file then
      table.insert(here, job)
      if job.line == row then
        table.insert(on, job)
      end
    end
  end
  return on[1] and on or here[1] and here or all
end

--- Act on the job that is meant; the user chooses if there are several.
---@param all quickstudy.Job[]
---@param none string What to say if there is none.
---@param act fun(client: vim.lsp.Client, job: quickstudy.Job)
local function pick(all, none, act)
  local function chosen(job)
    local client = job and vim.lsp.get_client_by_id(job.client)
    if client then
      act(client, job)
    end
  end
  local found = meant(all)
  if #found == 0 then
    server.complain(none)
  elseif #found == 1 then
    chosen(found[1])
  else
    vim.ui.select(found, { prompt = 'Which one?', format_item = words.job }, chosen)
  end
end

--- Act on a job in one of these states, as the server knows it now.
---@param states table<string, true>
---@param none string
---@param act fun(client: vim.lsp.Client, job: quickstudy.Job)
local function pick_now(states, none, act)
  if not server.current() then
    return
  end
  jobs.fetch(function(all)
    local found = vim.tbl_filter(function(job)
      return states[job.state]
    end, all)
    pick(found, none, act)
  end)
end

local OFFERED = { offered = true }
local OPEN = { running = true, queued = true }
local NO_OFFER = 'No faster variant waits. :QuickstudyOptimize looks for one.'

function M.optimize()
  local client = server.current()
  if not client then
    return
  end
  local line = vim.api.nvim_win_get_cursor(0)[1] - 1
  local place = { uri = vim.uri_from_bufnr(0), position = { line = line, character = 0 } }
  server.ask(client, 'optimize', place)
end

---@param called { bang: boolean }
function M.cancel(called)
  local function end_one(client, job)
    server.ask(client, 'cancel', { job = job.job }, function()
      corner.say(('The run for %s was cancelled; what was learnt is kept.'):format(job.qualname))
    end)
  end
  if not called.bang then
    pick_now(OPEN, 'Nothing runs.', end_one)
    return
  end
  jobs.fetch(function(all)
    for _, job in ipairs(all) do
      local client = OPEN[job.state] and vim.lsp.get_client_by_id(job.client)
      if client then
        end_one(client, job)
      end
    end
  end)
end

---@param client vim.lsp.Client
---@param job quickstudy.Job
local function apply(client, job)
  server.ask(client, 'apply', { job = job.job })
end

---@param client vim.lsp.Client
---@param job quickstudy.Job
local function dismiss(client, job)
  server.ask(client, 'dismiss', { job = job.job }, function()
    corner.say(('The faster %s was dismissed.'):format(job.qualname))
  end)
end

function M.apply()
  pick_now(OFFERED, NO_OFFER, apply)
end

function M.dismiss()
  pick_now(OFFERED, NO_OFFER, dismiss)
end

function M.diff()
  pick_now(OFFERED, NO_OFFER, function(client, job)
    require('quickstudy.diff').open(client, job, apply, dismiss)
  end)
end

function M.report()
  if not server.current() then
    return
  end
  jobs.fetch(function(open)
    local is_open = {}
    for _, job in ipairs(open) do
      is_open[job.job] = true
    end
    local all = {}
    for id, job in pairs(jobs.heard) do
      table.insert(all, is_open[id] and job or vim.tbl_extend('force', job, { state = 'over' }))
    end
    pick(all, 'There is no run to report of yet.', require('quickstudy.report').open)
  end)
end

---@param called { args: string }
function M.lessons(called)
  local client = server.current()
  if client then
    require('quickstudy.lessons').open(client, called.args)
  end
end

return M

-- What the servers are at: asked again whenever one of them says that something happened.

local corner = require('quickstudy.corner')
local server = require('quickstudy.server')

local M = {}

---@type quickstudy.Job[]
M.known = {}

--- All jobs that this session has heard of, by id; the report of one that is over can still be had.
---@type table<string, quickstudy.Job>
M.heard = {}

---@param jobs quickstudy.Job[]
local function keep(jobs)
  M.known = jobs
  for _, job in ipairs(jobs) do
    M.heard[job.job] = job
  end
  corner.draw(vim.tbl_filter(function(job)
    return job.state ~= 'offered'
  end, jobs))
  vim.cmd.redrawstatus({ bang = true })
  vim.api.nvim_exec_autocmds('User', { pattern = 'QuickstudyChanged', modeline = false })
end

--- Ask all servers for their jobs.
---@param done? fun(jobs: quickstudy.Job[])
function M.fetch(done)
  local clients = server.clients()
  local jobs, waiting = {}, #clients
  local function arrived()
    if waiting == 0 then
      keep(jobs)
      if done then
        done(jobs)
      end
    end
  end
  for _, client in ipairs(clients) do
    server.call(client, 'jobs', nil, function(_, result)
      for _, job in ipairs(result or {}) do
        job.client = client.id
        table.insert(jobs, job)
      end
      waiting = waiting - 1
      arrived()
    end)
  end
  arrived()
end

--- Whether the job's variant still waits.
---@param job quickstudy.Job
---@return boolean
function M.is_offered(job)
  return vim.iter(M.known):any(function(other)
    return other.job == job.job and other.state == 'offered'
  end)
end

--- The state in a word or two: what runs goes before what waits.
---@return string
function M.status()
  ---@type quickstudy.Job?, boolean
  local best, queued = nil, false
  for _, job in ipairs(M.known) do
    if job.state == 'running' then
      return job.round > 0 and ('round %d/%d'):format(job.round, job.rounds) or 'starting'
    end
    if job.state == 'offered' and (not best or job.speedup > best.speedup) then
      best = job
    end
    queued = queued or job.state == 'queued'
  end
  return queued and 'starting' or best and best.words.speedup .. ' waiting' or ''
end

return M

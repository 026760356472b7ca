-- What the server answers as a person reads it. Figures come in words: nothing is rounded here.

local M = {}

--- Such as `12x (11x to 13x)`; empty if it was not timed.
---@param timed { words: quickstudy.Words }
---@return string
function M.interval(timed)
  local words = timed.words
  return words.interval ~= '' and ('%s (%s)'):format(words.speedup, words.interval) or words.speedup
end

--- Text of a model or a repository as one line. What cannot be printed Neovim shows as `<202e>`.
---@param text string
---@return string
function M.line(text)
  return vim.trim((text:gsub('[%s%c]+', ' ')))
end

--- A job as one line of a list.
---@param job quickstudy.Job
---@return string
function M.job(job)
  local file = vim.fs.basename(vim.uri_to_fname(job.uri))
  local state = job.state == 'offered' and M.interval(job) .. ' faster' or job.state
  return ('%s in %s: %s'):format(job.qualname, file, state)
end

return M

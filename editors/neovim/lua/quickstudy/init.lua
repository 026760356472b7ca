-- What a configuration may call: `setup` for the two switches, `status` for a statusline.

local M = {}

---@type quickstudy.Options
M.options = { corner = true, codelens = true }

--- Change an option. Not needed otherwise.
---@param options? { corner?: boolean, codelens?: boolean }
function M.setup(options)
  M.options = vim.tbl_extend('force', M.options, options or {})
end

--- For a statusline: '' if there is nothing, or such as 'round 2/4', or '3.2x waiting'.
---@return string
function M.status()
  -- A statusline may be drawn before anything of ours is needed.
  local jobs = package.loaded['quickstudy.jobs']
  return jobs and jobs.status() or ''
end

return M
